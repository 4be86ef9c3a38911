// SPDX-License-Identifier: Apache-2.0
// The flags of update as an OCI resources object.
#include "runtime/container/verbs/update_options.h"

#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/container/verbs/update.h"
#include "spec/check/validate.h"

namespace asylum::container {
namespace {

void refuse_intel_rdt(const UpdateOptions& options) {
  for (const auto& [flag, value] :
       {std::pair{"--l3-cache-schema", &options.l3_cache_schema},
        std::pair{"--mem-bw-schema", &options.memory_bandwidth_schema}}) {
    if (value->empty()) continue;
    throw Error(ErrorKind::unsupported,
                cat(flag, ": the container's config has no /linux/intelRdt"));
  }
}

std::optional<std::int64_t> bytes_of(const std::optional<ByteCount>& count) {
  if (!count) return std::nullopt;
  return count->bytes;
}

std::uint16_t weight_of(std::uint64_t weight) {
  constexpr std::uint64_t kLowest = 10;
  constexpr std::uint64_t kHighest = 1000;
  if (weight == 0 || (weight >= kLowest && weight <= kHighest)) {
    return static_cast<std::uint16_t>(weight);
  }
  throw Error(ErrorKind::invalid_usage,
              cat("--blkio-weight must be between 10 and 1000, found ", weight));
}

void refuse_invalid(const spec::Resources& resources) {
  for (const Finding& one : spec::validate(resources, "")) {
    // What only the container's other limits can complete is judged with them.
    if (one.severity != Severity::error || one.pointer == "/memory/swap") continue;
    throw Error(ErrorKind::invalid_usage, cat(one.pointer.substr(1), " ", one.text));
  }
}

}  // namespace

std::optional<spec::Resources> resources_of(const UpdateOptions& options) {
  refuse_intel_rdt(options);
  spec::Resources out;
  if (options.blkio_weight) out.block_io.weight = weight_of(*options.blkio_weight);
  out.cpu.period_us = options.cpu_period_us;
  out.cpu.quota_us = options.cpu_quota_us;
  out.cpu.burst_us = options.cpu_burst_us;
  out.cpu.shares = options.cpu_shares;
  out.cpu.realtime_period_us = options.cpu_realtime_period_us;
  out.cpu.realtime_runtime_us = options.cpu_realtime_runtime_us;
  out.cpu.idle = options.cpu_idle;
  out.cpu.cpus = options.cpuset_cpus;
  out.cpu.mems = options.cpuset_mems;
  out.memory.limit_bytes = bytes_of(options.memory);
  out.memory.reservation_bytes = bytes_of(options.memory_reservation);
  out.memory.swap_bytes = bytes_of(options.memory_swap);
  out.memory.kernel_bytes = bytes_of(options.kernel_memory);
  out.memory.kernel_tcp_bytes = bytes_of(options.kernel_memory_tcp);
  out.pids_limit = options.pids_limit;
  if (out == spec::Resources{}) return std::nullopt;
  refuse_invalid(out);
  return out;
}

}  // namespace asylum::container
