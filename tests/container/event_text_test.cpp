// SPDX-License-Identifier: Apache-2.0
// The records of `events`, byte for byte: runc's members, units and order.
#include "runtime/container/verbs/event_text.h"

#include <gtest/gtest.h>

namespace asylum::container {
namespace {

constexpr const char* kCpuset =
    R"("cpuset":{"cpu_exclusive":0,"mem_hardwall":0,"mem_exclusive":0,"memory_migrate":0,)"
    R"("memory_spread_page":0,"memory_spread_slab":0,"memory_pressure":0,"sched_load_balance":0,)"
    R"("sched_relax_domain_level":0})";

TEST(EventText, NothingMeasured) {
  cgroup::Statistics none;
  none.memory.memory.limit = none.memory.swap.limit = 0;
  EXPECT_EQ(
      stats_event("web1", none),
      std::string(R"({"type":"stats","id":"web1","data":{"cpu":{"usage":{"kernel":0,"user":0},)"
                  R"("throttling":{}},)") +
          kCpuset +
          R"(,"memory":{"usage":{"limit":0,"failcnt":0},"swap":{"limit":0,"failcnt":0},)"
          R"("kernel":{"limit":0,"failcnt":0},"kernelTCP":{"limit":0,"failcnt":0}},)"
          R"("pids":{},"blkio":{},"hugetlb":{},"intel_rdt":{},"network_interfaces":null}})"
          "\n");
}

cgroup::Statistics everything() {
  cgroup::Statistics out;
  out.cpu = {10, 6, 4, 3, 2, 1, cgroup::Pressure{{"0.10", "0.20", "0.30", 7}, {}}};
  out.memory.memory = {1000, 2000, 4000, 1};
  out.memory.swap = {500, 600, 6000, 0};
  out.memory.raw = {{"anon", 12}, {"file", 34}};
  out.pids = {5, 0, cgroup::kNoLimit, 0};
  out.io = {{8, 16, {{"rbytes", 1}, {"wbytes", 2}, {"rios", 3}}}};
  out.hugetlb = {{"2MB", {2097152, 0, 0, 9}}};
  return out;
}

TEST(EventText, UnitsAndSums) {
  const std::string text = stats_event("x", everything());
  const auto has = [&](const char* part) {
    EXPECT_NE(text.find(part), std::string::npos) << part << " in " << text;
  };
  has(R"("cpu":{"usage":{"total":10000,"kernel":4000,"user":6000},)");
  has(R"("throttling":{"periods":3,"throttledPeriods":2,"throttledTime":1000})");
  has(R"("psi":{"some":{"avg10":0.10,"avg60":0.20,"avg300":0.30,"total":7},"full":)");
  has(R"("memory":{"cache":34,"usage":{"limit":4000,"usage":1000,"max":2000,"failcnt":1},)");
  has(R"("swap":{"limit":10000,"usage":1500,"failcnt":0})");
  has(R"("raw":{"anon":12,"file":34})");
  has(R"("pids":{"current":5})");
  has(R"("ioServiceBytesRecursive":[{"major":8,"minor":16,"op":"Read","value":1},)"
      R"({"major":8,"minor":16,"op":"Write","value":2}])");
  has(R"("ioServicedRecursive":[{"major":8,"minor":16,"op":"Read","value":3}])");
  has(R"("hugetlb":{"2MB":{"usage":2097152,"failcnt":9}})");
}

TEST(EventText, NoLimitStaysNoLimitInTheSum) {
  cgroup::Statistics one = everything();
  one.memory.swap.limit = cgroup::kNoLimit;
  EXPECT_NE(stats_event("x", one).find(R"("swap":{"limit":18446744073709551615,)"),
            std::string::npos);
}

TEST(EventText, OutOfMemory) {
  EXPECT_EQ(oom_event("web1"), "{\"type\":\"oom\",\"id\":\"web1\"}\n");
}

}  // namespace
}  // namespace asylum::container
