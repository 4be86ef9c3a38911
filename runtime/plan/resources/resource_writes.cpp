// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/resources/resource_writes.h"

#include <optional>
#include <string_view>
#include <utility>

#include "runtime/base/text.h"
#include "runtime/plan/resources/cgroup_conversions.h"
#include "runtime/plan/types/cgroup.h"
#include "spec/resources.h"

namespace asylum::plan {
namespace {

class Writer {
 public:
  Writer(std::string pointer, CgroupAge age, Findings& findings)
      : pointer_(std::move(pointer)), age_(age), findings_(findings) {}

  std::string at(std::string_view member) const { return cat(pointer_, "/", member); }

  /// Nothing is added for an empty value, nor for the default of a fresh cgroup. Valid until the
  /// next add.
  ControlWrite* add(std::string file, std::string value, std::string_view fresh_value,
                    std::string_view member) {
    if (value.empty() || (age_ == CgroupAge::fresh && value == fresh_value)) return nullptr;
    ControlWrite write;
    write.controller = file.substr(0, file.find('.'));
    if (write.controller == "cgroup") write.controller.clear();
    write.file = std::move(file);
    write.value = std::move(value);
    write.pointer = at(member);
    writes_.push_back(std::move(write));
    return &writes_.back();
  }

  void unsupported(std::string_view member, std::string text, std::string hint = {}) {
    findings_.unsupported(at(member), std::move(text), std::move(hint));
  }
  void without_effect(std::string_view member) {
    findings_.warning(at(member), "has no effect: cgroup2 has nothing like it");
  }
  void warning(std::string_view member, std::string text) {
    findings_.warning(at(member), std::move(text));
  }

  std::vector<ControlWrite> take() { return std::move(writes_); }

 private:
  std::string pointer_;
  CgroupAge age_;
  Findings& findings_;
  std::vector<ControlWrite> writes_;
};

void add_pids(const spec::Resources& resources, Writer& writer) {
  if (!resources.pids_limit) return;
  const std::int64_t limit = *resources.pids_limit;
  // Engines send 0 for "no limit", and none means "no process at all".
  if (limit == 0) writer.warning("pids/limit", "0 is taken as no limit (-1 says so)");
  writer.add("pids.max", limit <= 0 ? std::string("max") : cat(limit), "max", "pids/limit");
}

void add_memory(const spec::Memory& memory, Writer& writer) {
  const SwapText swap = swap_text(memory.swap_bytes, memory.limit_bytes);
  const std::string_view swap_member = memory.swap_bytes ? "memory/swap" : "memory/limit";
  ControlWrite* write = writer.add("memory.swap.max", swap.value, "max", swap_member);
  // Without swap accounting there is no such file, and no swap to limit either.
  if (write != nullptr) write->may_be_missing = swap.value == "0" || swap.value == "max";
  writer.add("memory.max", limit_text(memory.limit_bytes.value_or(0)), "max", "memory/limit");
  writer.add("memory.low", limit_text(memory.reservation_bytes.value_or(0)), "0",
             "memory/reservation");
  if (memory.kernel_bytes.value_or(0) > 0) writer.without_effect("memory/kernel");
  if (memory.kernel_tcp_bytes.value_or(0) > 0) writer.without_effect("memory/kernelTCP");
  if (memory.swappiness) writer.without_effect("memory/swappiness");
  if (memory.disable_oom_killer.value_or(false)) writer.without_effect("memory/disableOOMKiller");
  if (!memory.use_hierarchy.value_or(true)) writer.without_effect("memory/useHierarchy");
}

void add_throttle(const std::vector<spec::ThrottleDevice>& devices, std::string_view key,
                  std::string_view member, Writer& writer) {
  for (std::size_t i = 0; i < devices.size(); ++i) {
    const spec::ThrottleDevice& one = devices[i];
    const std::string device = cat(one.major, ":", one.minor, " ", key, "=");
    const std::string none = cat(device, "max");
    writer.add("io.max", one.rate == 0 ? none : cat(device, one.rate), none,
               cat("blockIO/", member, "/", i));
  }
}

bool is_weight(std::uint16_t weight) {
  return weight >= 10 && weight <= 1000;
}

void add_weight(std::uint16_t weight, Writer& writer) {
  if (!is_weight(weight)) return;
  // Whether the bfq scheduler is there shows only in the cgroup: its file takes the old unit.
  ControlWrite* write = writer.add("io.bfq.weight", cat(weight), "", "blockIO/weight");
  write->instead_file = "io.weight";
  write->instead_value = cat(io_weight_of_blkio(weight));
}

void add_block_io(const spec::BlockIo& io, Writer& writer) {
  add_weight(io.weight.value_or(0), writer);
  if (io.leaf_weight.value_or(0) != 0) writer.without_effect("blockIO/leafWeight");
  for (std::size_t i = 0; i < io.weight_device.size(); ++i) {
    const spec::WeightDevice& one = io.weight_device[i];
    const std::string member = cat("blockIO/weightDevice/", i);
    if (one.leaf_weight.value_or(0) != 0) writer.without_effect(cat(member, "/leafWeight"));
    if (!is_weight(one.weight.value_or(0))) continue;
    writer.add("io.bfq.weight", cat(one.major, ":", one.minor, " ", *one.weight), "", member);
  }
  add_throttle(io.throttle_read_bps_device, "rbps", "throttleReadBpsDevice", writer);
  add_throttle(io.throttle_write_bps_device, "wbps", "throttleWriteBpsDevice", writer);
  add_throttle(io.throttle_read_iops_device, "riops", "throttleReadIOPSDevice", writer);
  add_throttle(io.throttle_write_iops_device, "wiops", "throttleWriteIOPSDevice", writer);
}

void add_cpu_max(const spec::Cpu& cpu, Writer& writer) {
  const std::int64_t quota = cpu.quota_us.value_or(0);
  const std::uint64_t period = cpu.period_us.value_or(0);
  if (quota != 0 || period != 0) {
    const std::string text = quota > 0 ? cat(quota) : std::string("max");
    writer.add("cpu.max", cat(text, " ", period == 0 ? 100000 : period), "max 100000",
               cpu.quota_us ? "cpu/quota" : "cpu/period");
  }
  if (!cpu.burst_us) return;
  writer.add("cpu.max.burst", cat(*cpu.burst_us), "0", "cpu/burst");
}

void add_cpu(const spec::Cpu& cpu, Writer& writer) {
  // Before the weight: the kernel refuses a weight for an idle cgroup, for which it means nothing.
  if (cpu.idle) writer.add("cpu.idle", cat(*cpu.idle), "0", "cpu/idle");
  const std::uint64_t weight = weight_of_shares(cpu.shares.value_or(0));
  if (weight != 0 && cpu.idle.value_or(0) != 0) {
    writer.warning("cpu/shares", "has no effect on an idle cgroup");
  } else if (weight != 0) {
    writer.add("cpu.weight", cat(weight), "100", "cpu/shares");
  }
  add_cpu_max(cpu, writer);
  if (cpu.realtime_runtime_us.value_or(0) > 0) writer.without_effect("cpu/realtimeRuntime");
  if (cpu.realtime_period_us.value_or(0) > 0) writer.without_effect("cpu/realtimePeriod");
}

void add_hugetlb(const std::vector<spec::HugepageLimit>& limits, Writer& writer) {
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const std::string member = cat("hugepageLimits/", i);
    const std::string file = cat("hugetlb.", limits[i].page_size);
    writer.add(cat(file, ".max"), cat(limits[i].limit_bytes), "", member);
    ControlWrite* reserved =
        writer.add(cat(file, ".rsvd.max"), cat(limits[i].limit_bytes), "", member);
    if (reserved != nullptr) reserved->may_be_missing = true;
  }
}

void add_rdma(const std::vector<spec::RdmaLimit>& limits, Writer& writer) {
  for (const spec::RdmaLimit& one : limits) {
    std::string value = one.device;
    if (one.hca_handles) value += cat(" hca_handle=", *one.hca_handles);
    if (one.hca_objects) value += cat(" hca_object=", *one.hca_objects);
    if (value == one.device) continue;
    writer.add("rdma.max", value, "", cat("rdma/", escape_pointer_token(one.device)));
  }
}

void check_network(const spec::Network& network, Writer& writer) {
  constexpr std::string_view kText =
      "needs a cgroup v1 controller, and limits are set through cgroup2 only";
  if (network.class_id.value_or(0) != 0) {
    writer.unsupported("network/classID", cat("net_cls ", kText),
                       "match the container's cgroup path in the firewall instead");
  }
  if (!network.priorities.empty()) {
    writer.unsupported("network/priorities", cat("net_prio ", kText));
  }
}

/// Not the files that would move, stop or kill the processes, or that we write ourselves.
bool is_limit_file(std::string_view file) {
  if (file.find('/') != std::string_view::npos || file.find('.') == std::string_view::npos)
    return false;
  return !file.starts_with("cgroup.") || file == "cgroup.max.depth" ||
         file == "cgroup.max.descendants" || file == "cgroup.pressure";
}

void add_unified(const std::vector<spec::KeyValue>& unified, Writer& writer) {
  for (const spec::KeyValue& one : unified) {
    const std::string member = cat("unified/", escape_pointer_token(one.key));
    if (!is_limit_file(one.key)) {
      writer.unsupported(member,
                         cat(quote(one.key), " is no control file of cgroup2 that sets a limit"),
                         "write CONTROLLER.FILE, such as memory.high");
      continue;
    }
    for (const std::string_view line :
         split(one.value, '\n')) {  // the kernel takes one line a write
      writer.add(one.key, std::string(trim(line)), "", member);
    }
  }
}

}  // namespace

std::vector<ControlWrite> resource_writes(const spec::Resources& resources,
                                          const std::string& pointer, CgroupAge age,
                                          Findings& findings) {
  Writer writer(pointer, age, findings);
  add_pids(resources, writer);
  add_memory(resources.memory, writer);
  add_block_io(resources.block_io, writer);
  add_cpu(resources.cpu, writer);
  writer.add("cpuset.cpus", resources.cpu.cpus, "", "cpu/cpus");
  writer.add("cpuset.mems", resources.cpu.mems, "", "cpu/mems");
  add_hugetlb(resources.hugepage_limits, writer);
  add_rdma(resources.rdma, writer);
  check_network(resources.network, writer);
  add_unified(resources.unified, writer);  // last: what it says overrides the rest
  return writer.take();
}

}  // namespace asylum::plan
