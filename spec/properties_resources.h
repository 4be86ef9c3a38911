// SPDX-License-Identifier: Apache-2.0
// The keys of `linux.resources`. See properties.h.
#pragma once

#include "spec/properties.h"

namespace asylum::spec {

template <typename Archive>
void describe(Archive& archive, Of<DeviceRule> auto& rule) {
  archive.required("allow", rule.allow);
  archive.member("type", rule.type);
  archive.member("major", rule.major);
  archive.member("minor", rule.minor);
  archive.member("access", rule.access);
  if constexpr (Archive::reading) {  // -1 is how older writers say "any"
    if (rule.major == -1) rule.major.reset();
    if (rule.minor == -1) rule.minor.reset();
  }
}

template <typename Archive>
void describe(Archive& archive, Of<Memory> auto& memory) {
  archive.member("limit", memory.limit_bytes);
  archive.member("reservation", memory.reservation_bytes);
  archive.member("swap", memory.swap_bytes);
  archive.member("kernel", memory.kernel_bytes);
  archive.member("kernelTCP", memory.kernel_tcp_bytes);
  archive.member("swappiness", memory.swappiness);
  archive.member("disableOOMKiller", memory.disable_oom_killer);
  archive.member("useHierarchy", memory.use_hierarchy);
  archive.member("checkBeforeUpdate", memory.check_before_update);
}

template <typename Archive>
void describe(Archive& archive, Of<Cpu> auto& cpu) {
  archive.member("shares", cpu.shares);
  archive.member("quota", cpu.quota_us);
  archive.member("burst", cpu.burst_us);
  archive.member("period", cpu.period_us);
  archive.member("realtimeRuntime", cpu.realtime_runtime_us);
  archive.member("realtimePeriod", cpu.realtime_period_us);
  archive.member("cpus", cpu.cpus);
  archive.member("mems", cpu.mems);
  archive.member("idle", cpu.idle);
}

template <typename Archive>
void describe(Archive& archive, Of<WeightDevice> auto& device) {
  archive.required("major", device.major);
  archive.required("minor", device.minor);
  archive.member("weight", device.weight);
  archive.member("leafWeight", device.leaf_weight);
}

template <typename Archive>
void describe(Archive& archive, Of<ThrottleDevice> auto& device) {
  archive.required("major", device.major);
  archive.required("minor", device.minor);
  archive.always("rate", device.rate);
}

template <typename Archive>
void describe(Archive& archive, Of<BlockIo> auto& block_io) {
  archive.member("weight", block_io.weight);
  archive.member("leafWeight", block_io.leaf_weight);
  archive.member("weightDevice", block_io.weight_device);
  archive.member("throttleReadBpsDevice", block_io.throttle_read_bps_device);
  archive.member("throttleWriteBpsDevice", block_io.throttle_write_bps_device);
  archive.member("throttleReadIOPSDevice", block_io.throttle_read_iops_device);
  archive.member("throttleWriteIOPSDevice", block_io.throttle_write_iops_device);
}

template <typename Archive>
void describe(Archive& archive, Of<HugepageLimit> auto& limit) {
  archive.required("pageSize", limit.page_size);
  archive.required("limit", limit.limit_bytes);
}

template <typename Archive>
void describe(Archive& archive, Of<InterfacePriority> auto& priority) {
  archive.required("name", priority.name);
  archive.required("priority", priority.priority);
}

template <typename Archive>
void describe(Archive& archive, Of<Network> auto& network) {
  archive.member("classID", network.class_id);
  archive.member("priorities", network.priorities);
}

template <typename Archive>
void describe(Archive& archive, Of<RdmaLimit> auto& limit) {
  archive.member("hcaHandles", limit.hca_handles);
  archive.member("hcaObjects", limit.hca_objects);
}

template <typename Archive>
void describe(Archive& archive, Of<Resources> auto& resources) {
  archive.member("unified", resources.unified);
  archive.member("devices", resources.devices);
  const auto pids = [&](auto& members) { members.required("limit", resources.pids_limit); };
  archive.group("pids", resources.pids_limit.has_value(), pids, resources.pids_unknown);
  archive.member("memory", resources.memory);
  archive.member("cpu", resources.cpu);
  archive.member("blockIO", resources.block_io);
  archive.member("hugepageLimits", resources.hugepage_limits);
  archive.member("network", resources.network);
  archive.member("rdma", resources.rdma);
}

}  // namespace asylum::spec
