// SPDX-License-Identifier: Apache-2.0
// The verb update: other limits for a container that runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "runtime/container/state/settings.h"
#include "spec/resources.h"

namespace asylum::container {

/// Bytes that a person wrote: "512m", -1 for no limit.
struct ByteCount {
  std::int64_t bytes = 0;
};

struct UpdateOptions {
  std::string id;
  std::string resources_file;  // "-" = standard input; given, all else is ignored
  std::optional<std::uint64_t> blkio_weight;
  std::optional<std::uint64_t> cpu_period_us;
  std::optional<std::int64_t> cpu_quota_us;
  std::optional<std::uint64_t> cpu_burst_us;
  std::optional<std::uint64_t> cpu_shares;
  std::optional<std::uint64_t> cpu_realtime_period_us;
  std::optional<std::int64_t> cpu_realtime_runtime_us;
  std::optional<std::int64_t> cpu_idle;
  std::string cpuset_cpus;
  std::string cpuset_mems;
  std::optional<ByteCount> memory;
  std::optional<ByteCount> memory_reservation;
  std::optional<ByteCount> memory_swap;
  std::optional<ByteCount> kernel_memory;
  std::optional<ByteCount> kernel_memory_tcp;
  std::optional<std::int64_t> pids_limit;
  std::string l3_cache_schema;
  std::string memory_bandwidth_schema;
};

/// All or nothing: what was written is put back when something fails. What the kernel made of a
/// value is warned of where it differs. The new resources are kept for later updates. Device rules,
/// when there are any, replace the container's filter in one step. Throws wrong_state: "container
/// not running".
void update(const Settings& settings, const UpdateOptions& options);

}  // namespace asylum::container
