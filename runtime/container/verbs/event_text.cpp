// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/verbs/event_text.h"

#include <algorithm>
#include <string_view>

#include "runtime/base/json_writer.h"

namespace asylum::container {
namespace {

/// As all keys of the kernel's are. Two that are not UTF-8 could become one in JSON.
bool is_word(std::string_view key) {
  return std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < '\x7f'; });
}

using cgroup::Gauge;

constexpr std::uint64_t kNanosecondsInMicrosecond = 1000;

void member(JsonWriter& json, std::string_view key, std::uint64_t value) {
  json.key(key);
  json.number(value);
}

/// runc's omitempty.
void member_if_any(JsonWriter& json, std::string_view key, std::uint64_t value) {
  if (value != 0) member(json, key, value);
}

void write_pressure_line(JsonWriter& json, std::string_view key, const cgroup::PressureLine& line) {
  json.key(key);
  json.begin_object();
  json.key("avg10");
  json.raw(line.avg10);
  json.key("avg60");
  json.raw(line.avg60);
  json.key("avg300");
  json.raw(line.avg300);
  member(json, "total", line.total_us);
  json.end_object();
}

void write_pressure(JsonWriter& json, const std::optional<cgroup::Pressure>& pressure) {
  if (!pressure) return;
  json.key("psi");
  json.begin_object();
  write_pressure_line(json, "some", pressure->some);
  write_pressure_line(json, "full", pressure->full);
  json.end_object();
}

void write_cpu(JsonWriter& json, const cgroup::CpuStatistics& cpu) {
  json.key("cpu");
  json.begin_object();
  json.key("usage");
  json.begin_object();
  member_if_any(json, "total", cpu.usage_us * kNanosecondsInMicrosecond);
  member(json, "kernel", cpu.system_us * kNanosecondsInMicrosecond);
  member(json, "user", cpu.user_us * kNanosecondsInMicrosecond);
  json.end_object();
  json.key("throttling");
  json.begin_object();
  member_if_any(json, "periods", cpu.periods);
  member_if_any(json, "throttledPeriods", cpu.throttled_periods);
  member_if_any(json, "throttledTime", cpu.throttled_us * kNanosecondsInMicrosecond);
  json.end_object();
  write_pressure(json, cpu.pressure);
  json.end_object();
}

/// Figures of cgroup v1's cpuset only: readers expect the members.
void write_cpuset(JsonWriter& json) {
  json.key("cpuset");
  json.begin_object();
  for (const std::string_view key :
       {"cpu_exclusive", "mem_hardwall", "mem_exclusive", "memory_migrate", "memory_spread_page",
        "memory_spread_slab", "memory_pressure", "sched_load_balance",
        "sched_relax_domain_level"}) {
    member(json, key, 0);
  }
  json.end_object();
}

void write_gauge(JsonWriter& json, std::string_view key, const Gauge& gauge) {
  json.key(key);
  json.begin_object();
  member(json, "limit", gauge.limit);
  member_if_any(json, "usage", gauge.usage);
  member_if_any(json, "max", gauge.peak);
  member(json, "failcnt", gauge.failures);
  json.end_object();
}

std::uint64_t sum_of_limits(std::uint64_t a, std::uint64_t b) {
  return a > cgroup::kNoLimit - b ? cgroup::kNoLimit : a + b;
}

void write_memory(JsonWriter& json, const cgroup::MemoryStatistics& memory) {
  Gauge together = memory.swap;
  together.usage += memory.memory.usage;
  together.limit = sum_of_limits(memory.swap.limit, memory.memory.limit);
  together.peak = 0;
  json.key("memory");
  json.begin_object();
  const auto cache = memory.raw.find("file");
  if (cache != memory.raw.end()) member_if_any(json, "cache", cache->second);
  write_gauge(json, "usage", memory.memory);
  write_gauge(json, "swap", together);
  const Gauge none{0, 0, 0, 0};
  write_gauge(json, "kernel", none);
  write_gauge(json, "kernelTCP", none);
  if (!memory.raw.empty()) {
    json.key("raw");
    json.begin_object();
    for (const auto& [key, value] : memory.raw) {
      if (is_word(key)) member(json, key, value);
    }
    json.end_object();
  }
  write_pressure(json, memory.pressure);
  json.end_object();
}

void write_pids(JsonWriter& json, const Gauge& pids) {
  json.key("pids");
  json.begin_object();
  member_if_any(json, "current", pids.usage);
  member_if_any(json, "limit", pids.limit == cgroup::kNoLimit ? 0 : pids.limit);
  json.end_object();
}

struct Operation {
  std::string_view key;   // in io.stat
  std::string_view name;  // in the record
};

void write_operations(JsonWriter& json, std::string_view key,
                      const std::vector<cgroup::IoStatistics>& io,
                      std::initializer_list<Operation> operations) {
  if (io.empty()) return;
  json.key(key);
  json.begin_array();
  for (const cgroup::IoStatistics& one : io) {
    for (const Operation& operation : operations) {
      const auto value = one.values.find(std::string(operation.key));
      if (value == one.values.end()) continue;
      json.begin_object();
      member_if_any(json, "major", one.major);
      member_if_any(json, "minor", one.minor);
      json.key("op");
      json.text(operation.name);
      member_if_any(json, "value", value->second);
      json.end_object();
    }
  }
  json.end_array();
}

void write_io(JsonWriter& json, const cgroup::Statistics& statistics) {
  json.key("blkio");
  json.begin_object();
  write_operations(json, "ioServiceBytesRecursive", statistics.io,
                   {{"rbytes", "Read"}, {"wbytes", "Write"}, {"dbytes", "Discard"}});
  write_operations(json, "ioServicedRecursive", statistics.io,
                   {{"rios", "Read"}, {"wios", "Write"}, {"dios", "Discard"}});
  write_pressure(json, statistics.io_pressure);
  json.end_object();
}

void write_hugetlb(JsonWriter& json, const std::map<std::string, Gauge>& hugetlb) {
  json.key("hugetlb");
  json.begin_object();
  for (const auto& [size, gauge] : hugetlb) {
    json.key(size);
    json.begin_object();
    member_if_any(json, "usage", gauge.usage);
    member_if_any(json, "max", gauge.peak);
    member(json, "failcnt", gauge.failures);
    json.end_object();
  }
  json.end_object();
}

}  // namespace

std::string stats_event(const std::string& id, const cgroup::Statistics& statistics) {
  JsonWriter json("");
  json.begin_object();
  json.key("type");
  json.text("stats");
  json.key("id");
  json.text(id);
  json.key("data");
  json.begin_object();
  write_cpu(json, statistics.cpu);
  write_cpuset(json);
  write_memory(json, statistics.memory);
  write_pids(json, statistics.pids);
  write_io(json, statistics);
  write_hugetlb(json, statistics.hugetlb);
  json.key("intel_rdt");
  json.raw("{}");
  json.key("network_interfaces");
  json.raw("null");
  json.end_object();
  json.end_object();
  return json.take() + "\n";
}

std::string oom_event(const std::string& id) {
  JsonWriter json("");
  json.begin_object();
  json.key("type");
  json.text("oom");
  json.key("id");
  json.text(id);
  json.end_object();
  return json.take() + "\n";
}

}  // namespace asylum::container
