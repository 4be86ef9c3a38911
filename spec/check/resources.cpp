// SPDX-License-Identifier: Apache-2.0
// Rules of `linux.resources`.
#include <algorithm>
#include <array>
#include <set>

#include "runtime/base/text.h"
#include "spec/check/syntax.h"
#include "spec/check/validate.h"

namespace asylum::spec {
namespace {

constexpr std::uint64_t kHighestSwappiness = 100;
constexpr std::uint16_t kLowestWeight = 10;
constexpr std::uint16_t kHighestWeight = 1000;

// These files hold members and life of the cgroup, not limits: a config could pull any process of
// the host into it.
constexpr std::string_view kNoLimits[] = {
    "cgroup.freeze",          "cgroup.kill",    "cgroup.procs",
    "cgroup.subtree_control", "cgroup.threads", "cgroup.type",
};

void unified_names_are_files(const Resources& resources, const Report& report) {
  for (const KeyValue& item : resources.unified) {
    const std::string pointer = cat("/unified/", escape_pointer_token(item.key));
    if (item.key.empty() || item.key == "." || item.key == ".." ||
        item.key.find('/') != std::string::npos) {
      report.error(pointer, cat("must be the name of a cgroup file, found ", quote(item.key)));
    } else if (std::find(std::begin(kNoLimits), std::end(kNoLimits), item.key) !=
               std::end(kNoLimits)) {
      report.error(pointer, cat(quote(item.key), " is no limit and cannot be set"));
    }
  }
}

void device_rules_are_sound(const Resources& resources, const Report& report) {
  for (std::size_t i = 0; i < resources.devices.size(); ++i) {
    const DeviceRule& rule = resources.devices[i];
    const std::string pointer = cat("/devices/", i);
    if (rule.access.find_first_not_of("rwm") != std::string::npos) {
      report.error(cat(pointer, "/access"),
                   cat("must have letters of \"rwm\" only, found ", quote(rule.access)));
    }
    if (rule.major.value_or(0) < 0)
      report.error(cat(pointer, "/major"), cat("must not be negative, found ", *rule.major));
    if (rule.minor.value_or(0) < 0)
      report.error(cat(pointer, "/minor"), cat("must not be negative, found ", *rule.minor));
  }
}

void pids_limit_is_in_range(const Resources& resources, const Report& report) {
  if (resources.pids_limit.value_or(0) < -1) {
    report.error("/pids/limit",
                 cat("must be -1 (no limit) or more, found ", *resources.pids_limit));
  }
}

void memory_is_in_range(const Resources& resources, const Report& report) {
  const Memory& memory = resources.memory;
  const auto check = [&](std::string_view key, const std::optional<std::int64_t>& value) {
    if (value.value_or(0) < -1)
      report.error(cat("/memory/", key), cat("must be -1 (no limit) or more, found ", *value));
  };
  check("limit", memory.limit_bytes);
  check("reservation", memory.reservation_bytes);
  check("swap", memory.swap_bytes);
  check("kernel", memory.kernel_bytes);
  check("kernelTCP", memory.kernel_tcp_bytes);
  if (memory.swappiness.value_or(0) > kHighestSwappiness) {
    report.error("/memory/swappiness",
                 cat("must be between 0 and 100, found ", *memory.swappiness));
  }
}

// `swap` is memory and swap together. Source: runtime-spec config-linux.md#memory.
void swap_covers_memory(const Resources& resources, const Report& report) {
  const std::int64_t limit = resources.memory.limit_bytes.value_or(0);
  const std::int64_t swap = resources.memory.swap_bytes.value_or(0);
  if (swap <= 0 || limit < 0) return;
  if (limit == 0)
    return report.error("/memory/swap", "a swap limit needs a memory limit, \"limit\" is missing");
  if (swap < limit) {
    report.error("/memory/swap",
                 cat("is memory and swap together and must not be below the memory limit ", limit,
                     ", found ", swap));
  }
}

void cpu_is_sound(const Resources& resources, const Report& report) {
  const Cpu& cpu = resources.cpu;
  const auto check_list = [&](std::string_view key, const std::string& text) {
    if (!text.empty() && !parse_cpu_list(text)) {
      report.error(cat("/cpu/", key), cat("must be a list such as 0-3,7, found ", quote(text)));
    }
  };
  check_list("cpus", cpu.cpus);
  check_list("mems", cpu.mems);
  if (cpu.idle && *cpu.idle != 0 && *cpu.idle != 1) {
    report.error("/cpu/idle", cat("must be 0 or 1, found ", *cpu.idle));
  }
  const std::int64_t quota = cpu.quota_us.value_or(0);
  if (quota > 0 && cpu.burst_us.value_or(0) > static_cast<std::uint64_t>(quota)) {
    report.error("/cpu/burst",
                 cat("must not be above the quota ", quota, ", found ", *cpu.burst_us));
  }
}

void check_weight(const std::optional<std::uint16_t>& weight, const std::string& pointer,
                  const Report& report) {
  const std::uint16_t value = weight.value_or(0);
  if (value != 0 && (value < kLowestWeight || value > kHighestWeight)) {
    report.error(pointer, cat("must be 0 (unset) or between 10 and 1000, found ", value));
  }
}

template <typename Device>
void check_device(const Device& device, const std::string& pointer, const Report& report) {
  if (device.major < 0)
    report.error(cat(pointer, "/major"), cat("must not be negative, found ", device.major));
  if (device.minor < 0)
    report.error(cat(pointer, "/minor"), cat("must not be negative, found ", device.minor));
}

struct Throttle {
  std::string_view key;
  std::vector<ThrottleDevice> BlockIo::*devices;
};

constexpr Throttle kThrottles[] = {
    {"throttleReadBpsDevice", &BlockIo::throttle_read_bps_device},
    {"throttleWriteBpsDevice", &BlockIo::throttle_write_bps_device},
    {"throttleReadIOPSDevice", &BlockIo::throttle_read_iops_device},
    {"throttleWriteIOPSDevice", &BlockIo::throttle_write_iops_device},
};

void block_io_is_sound(const Resources& resources, const Report& report) {
  const BlockIo& block_io = resources.block_io;
  check_weight(block_io.weight, "/blockIO/weight", report);
  check_weight(block_io.leaf_weight, "/blockIO/leafWeight", report);
  for (std::size_t i = 0; i < block_io.weight_device.size(); ++i) {
    const WeightDevice& device = block_io.weight_device[i];
    const std::string pointer = cat("/blockIO/weightDevice/", i);
    check_device(device, pointer, report);
    check_weight(device.weight, cat(pointer, "/weight"), report);
    check_weight(device.leaf_weight, cat(pointer, "/leafWeight"), report);
    if (!device.weight && !device.leaf_weight)
      report.error(pointer, "neither \"weight\" nor \"leafWeight\" is given");
  }
  for (const Throttle& throttle : kThrottles) {
    const auto& devices = block_io.*throttle.devices;
    for (std::size_t i = 0; i < devices.size(); ++i) {
      check_device(devices[i], cat("/blockIO/", throttle.key, "/", i), report);
    }
  }
}

// "2MB", "1GB": the part of the file's name. Source: runtime-spec config-linux.md#huge-page-limits.
bool is_page_size(std::string_view text) {
  if (text.size() < 3 || !text.ends_with('B') ||
      std::string_view("KMG").find(text[text.size() - 2]) == std::string_view::npos) {
    return false;
  }
  return text.front() != '0' && parse_u64(text.substr(0, text.size() - 2)).has_value();
}

void hugepages_are_sound(const Resources& resources, const Report& report) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < resources.hugepage_limits.size(); ++i) {
    const std::string& size = resources.hugepage_limits[i].page_size;
    const std::string pointer = cat("/hugepageLimits/", i, "/pageSize");
    if (!is_page_size(size))
      report.error(pointer, cat("must be a size such as 2MB or 1GB, found ", quote(size)));
    if (!seen.insert(size).second)
      report.error(pointer, cat("the page size ", quote(size), " is given twice"));
  }
}

void rdma_is_sound(const Resources& resources, const Report& report) {
  for (const RdmaLimit& limit : resources.rdma) {
    const std::string pointer = cat("/rdma/", escape_pointer_token(limit.device));
    if (limit.device.empty() || limit.device.find_first_of(" \t\n") != std::string::npos) {
      report.error(pointer, cat(quote(limit.device), " cannot be the name of a device"));
    }
    if (!limit.hca_handles && !limit.hca_objects) {
      report.error(pointer, "neither \"hcaHandles\" nor \"hcaObjects\" is given");
    }
  }
}

constexpr Check<Resources> kChecks[] = {
    {"unified.names_are_files", unified_names_are_files},
    {"device_rules.are_sound", device_rules_are_sound},
    {"pids.limit_is_in_range", pids_limit_is_in_range},
    {"memory.is_in_range", memory_is_in_range},
    {"memory.swap_covers_memory", swap_covers_memory},
    {"cpu.is_sound", cpu_is_sound},
    {"block_io.is_sound", block_io_is_sound},
    {"hugepages.are_sound", hugepages_are_sound},
    {"rdma.is_sound", rdma_is_sound},
};

}  // namespace

std::span<const Check<Resources>> resource_checks() {
  return kChecks;
}

}  // namespace asylum::spec
