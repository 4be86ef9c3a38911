// SPDX-License-Identifier: Apache-2.0
// The typed `linux.resources` object; `update` reads the same. Source: runtime-spec
// config-linux.md#control-groups. An absent object ("memory") and an empty one mean the same, so
// the objects are plain and their members optional.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "spec/types.h"

namespace asylum::spec {

enum class DeviceRuleType : std::uint8_t { all, character, block };

/// One line of the device allow list; later rules win.
struct DeviceRule {
  bool allow = false;
  DeviceRuleType type = DeviceRuleType::all;
  std::optional<std::int64_t> major;  // absent: any. The reader turns the document's -1 into absent
  std::optional<std::int64_t> minor;
  std::string access;  // letters of "rwm"; "" = all three
  Unknown unknown;
  bool operator==(const DeviceRule&) const = default;
};

/// Bytes; -1 is "no limit", absent is "leave it".
struct Memory {
  std::optional<std::int64_t> limit_bytes;
  std::optional<std::int64_t> reservation_bytes;
  std::optional<std::int64_t> swap_bytes;  // memory and swap together
  std::optional<std::int64_t> kernel_bytes;
  std::optional<std::int64_t> kernel_tcp_bytes;
  std::optional<std::uint64_t> swappiness;
  std::optional<bool> disable_oom_killer;
  std::optional<bool> use_hierarchy;
  std::optional<bool> check_before_update;
  Unknown unknown;
  bool operator==(const Memory&) const = default;
};

struct Cpu {
  std::optional<std::uint64_t> shares;
  std::optional<std::int64_t> quota_us;  // <= 0: no limit
  std::optional<std::uint64_t> burst_us;
  std::optional<std::uint64_t> period_us;
  std::optional<std::int64_t> realtime_runtime_us;
  std::optional<std::uint64_t> realtime_period_us;
  std::string cpus;  // "0-3,7"; "" = leave it
  std::string mems;
  std::optional<std::int64_t> idle;
  Unknown unknown;
  bool operator==(const Cpu&) const = default;
};

struct WeightDevice {
  std::int64_t major = 0;
  std::int64_t minor = 0;
  std::optional<std::uint16_t> weight;
  std::optional<std::uint16_t> leaf_weight;
  Unknown unknown;
  bool operator==(const WeightDevice&) const = default;
};

struct ThrottleDevice {
  std::int64_t major = 0;
  std::int64_t minor = 0;
  std::uint64_t rate = 0;  // bytes or operations per second; 0 removes the limit
  Unknown unknown;
  bool operator==(const ThrottleDevice&) const = default;
};

struct BlockIo {
  std::optional<std::uint16_t> weight;
  std::optional<std::uint16_t> leaf_weight;
  std::vector<WeightDevice> weight_device;
  std::vector<ThrottleDevice> throttle_read_bps_device;
  std::vector<ThrottleDevice> throttle_write_bps_device;
  std::vector<ThrottleDevice> throttle_read_iops_device;
  std::vector<ThrottleDevice> throttle_write_iops_device;
  Unknown unknown;
  bool operator==(const BlockIo&) const = default;
};

struct HugepageLimit {
  std::string page_size;  // "2MB", "1GB": the suffix of the cgroup file's name
  std::uint64_t limit_bytes = 0;
  Unknown unknown;
  bool operator==(const HugepageLimit&) const = default;
};

struct InterfacePriority {
  std::string name;
  std::uint32_t priority = 0;
  Unknown unknown;
  bool operator==(const InterfacePriority&) const = default;
};

struct Network {  // cgroup v1 only
  std::optional<std::uint32_t> class_id;
  std::vector<InterfacePriority> priorities;
  Unknown unknown;
  bool operator==(const Network&) const = default;
};

struct RdmaLimit {
  std::string device;  // the member's key
  std::optional<std::uint32_t> hca_handles;
  std::optional<std::uint32_t> hca_objects;
  Unknown unknown;
  bool operator==(const RdmaLimit&) const = default;
};

struct Resources {
  std::vector<KeyValue> unified;  // cgroup2 file name → text
  std::vector<DeviceRule> devices;
  std::optional<std::int64_t> pids_limit;  // -1: no limit; 0 is a limit (spec 1.3)
  Memory memory;
  Cpu cpu;
  BlockIo block_io;
  std::vector<HugepageLimit> hugepage_limits;
  Network network;
  std::vector<RdmaLimit> rdma;
  Unknown pids_unknown;  // of the object "pids"
  Unknown unknown;
  bool operator==(const Resources&) const = default;
};

}  // namespace asylum::spec
