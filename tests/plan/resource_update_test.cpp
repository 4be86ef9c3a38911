// SPDX-License-Identifier: Apache-2.0
// update's writes as data: what the container has, what is asked for, what goes into which file.
#include "runtime/plan/resources/resource_update.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/plan/types/cgroup.h"
#include "spec/read/read.h"
#include "tests/base/growth.h"

namespace asylum::plan {
namespace {

spec::Resources resources(const std::string& json) {
  auto reading = spec::read_resources(spec::parse_document(json));
  EXPECT_FALSE(spec::has_errors(reading.findings)) << json;
  return std::move(reading.resources);
}

/// "file=value" of each write, or "error POINTER".
std::vector<std::string> plan(const std::string& old, const std::string& change) {
  Findings findings;
  const ResourceUpdate update = plan_update(resources(old), resources(change), findings);
  std::vector<std::string> out;
  for (const ControlWrite& write : update.writes) out.push_back(cat(write.file, "=", write.value));
  for (const Finding& one : findings.all()) {
    if (one.severity == Severity::error) out.push_back(cat("error ", one.pointer));
  }
  return out;
}
using Lines = std::vector<std::string>;

TEST(ResourceUpdate, WritesWhatIsNamedAndNothingElse) {
  EXPECT_EQ(
      plan(R"({"pids": {"limit": 5}, "memory": {"limit": 4096}})", R"({"pids": {"limit": 9}})"),
      (Lines{"pids.max=9"}));
  EXPECT_EQ(plan("{}", "{}"), Lines{});
}

TEST(ResourceUpdate, TheDefaultOfAFreshCgroupIsWrittenToo) {
  EXPECT_EQ(plan("{}", R"({"pids": {"limit": -1}})"), (Lines{"pids.max=max"}));
  EXPECT_EQ(plan("{}", R"({"cpu": {"shares": 1024}})"), (Lines{"cpu.weight=100"}));
}

TEST(ResourceUpdate, ZeroIsNotGiven) {
  const char* old = R"({"cpu": {"quota": 5000, "shares": 512}, "memory": {"limit": 4096}})";
  const char* change = R"({"cpu": {"quota": 0, "shares": 0}, "memory": {"limit": 0, "swap": 0}})";
  EXPECT_EQ(merge_resources(resources(old), resources(change)), resources(old));
  EXPECT_EQ(plan("{}", R"({"pids": {"limit": 0}})"), (Lines{"pids.max=max"}));
}

TEST(ResourceUpdate, SwapFollowsTheMemoryLimit) {
  const char* old = R"({"memory": {"limit": 1000, "swap": 3000}})";
  EXPECT_EQ(plan(old, R"({"memory": {"limit": 2000}})"),
            (Lines{"memory.swap.max=1000", "memory.max=2000"}));
  EXPECT_EQ(plan(old, R"({"memory": {"limit": -1}})"),
            (Lines{"memory.swap.max=max", "memory.max=max"}));
  EXPECT_EQ(plan(old, R"({"memory": {"swap": 1000}})"), (Lines{"memory.swap.max=0"}));
  EXPECT_EQ(plan(old, R"({"memory": {"limit": 5000}})").back(), "error /memory/swap");
}

TEST(ResourceUpdate, QuotaAndPeriodKeepEachOther) {
  EXPECT_EQ(plan(R"({"cpu": {"quota": 5000, "period": 20000}})", R"({"cpu": {"quota": 7000}})"),
            (Lines{"cpu.max=7000 20000"}));
  EXPECT_EQ(plan(R"({"cpu": {"quota": 5000}})", R"({"cpu": {"period": 50000}})"),
            (Lines{"cpu.max=5000 50000"}));
}

TEST(ResourceUpdate, TheBurstNeverExceedsTheQuota) {
  EXPECT_EQ(plan(R"({"cpu": {"quota": 5000, "burst": 4000}})",
                 R"({"cpu": {"quota": 3000, "burst": 1000}})"),
            (Lines{"cpu.max.burst=0", "cpu.max=3000 100000", "cpu.max.burst=1000"}));
}

TEST(ResourceUpdate, AnIdleCgroupGetsItsWeightBack) {
  EXPECT_EQ(plan(R"({"cpu": {"shares": 512, "idle": 1}})", R"({"cpu": {"idle": 0}})"),
            (Lines{"cpu.idle=0", "cpu.weight=59"}));
}

TEST(ResourceUpdate, DevicesAreReplacedOneByOne) {
  EXPECT_EQ(
      plan(R"({"blockIO": {"throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 10}]}})",
           R"({"blockIO": {"throttleReadBpsDevice": [{"major": 8, "minor": 16, "rate": 7}]}})"),
      (Lines{"io.max=8:16 rbps=7"}));
  EXPECT_EQ(plan("{}", R"({"blockIO": {"throttleWriteIOPSDevice":
      [{"major": 8, "minor": 0, "rate": 0}]}})"),
            (Lines{"io.max=8:0 wiops=max"}));
}

TEST(ResourceUpdate, HugePagesBySize) {
  EXPECT_EQ(plan(R"({"hugepageLimits": [{"pageSize": "1GB", "limit": 0}]})",
                 R"({"hugepageLimits": [{"pageSize": "2MB", "limit": 4096}]})"),
            (Lines{"hugetlb.2MB.max=4096", "hugetlb.2MB.rsvd.max=4096"}));
}

TEST(ResourceUpdate, APropertyReplacesTheUnifiedFileOfCreate) {
  const char* old = R"({"unified": {"pids.max": "3", "memory.high": "1"}})";
  EXPECT_EQ(plan(old, R"({"pids": {"limit": 9}})"), (Lines{"pids.max=9"}));
  Findings findings;
  const auto update = plan_update(resources(old), resources(R"({"pids": {"limit": 9}})"), findings);
  EXPECT_EQ(update.merged.unified.size(), 1U);
  EXPECT_EQ(update.merged.pids_limit, 9);
}

TEST(ResourceUpdate, DeviceRulesReplaceAllOfThem) {
  const auto old = resources(R"({"devices": [{"allow": false, "access": "rwm"}]})");
  const auto change = resources(R"({"devices": [{"allow": true, "type": "c", "access": "r"}]})");
  EXPECT_EQ(merge_resources(old, change).devices, change.devices);
  EXPECT_EQ(merge_resources(old, resources("{}")).devices, old.devices);
}

ControlWrite write_of(const char* file, const char* value) {
  ControlWrite write;
  write.file = file;
  write.value = value;
  return write;
}

TEST(ResourceUpdate, WhatPutsAFileBack) {
  EXPECT_EQ(restoring_texts(write_of("memory.max", "1"), "max\n"), (Lines{"max"}));
  EXPECT_EQ(restoring_texts(write_of("cpuset.cpus", "0"), "\n"), Lines{});
  EXPECT_EQ(restoring_texts(write_of("io.max", "8:0 rbps=7"),
                            "8:0 rbps=9 wbps=max riops=max wiops=max\n8:16 rbps=1\n"),
            (Lines{"8:0 rbps=9 wbps=max riops=max wiops=max"}));
  EXPECT_EQ(restoring_texts(write_of("io.max", "8:0 rbps=7"), ""), (Lines{"8:0 rbps=max"}));
  EXPECT_EQ(restoring_texts(write_of("io.weight", "50"), "default 100\n8:0 200\n"),
            (Lines{"default 100"}));
}

TEST(ResourceUpdate, DriftIsWhatMeansSomethingElse) {
  EXPECT_EQ(difference(write_of("memory.max", "5000000"), "4997120\n"), "4997120");
  EXPECT_EQ(difference(write_of("memory.max", "max"), "max\n"), "");
  EXPECT_EQ(difference(write_of("cpuset.cpus", "0,1,2"), "0-2\n"), "");
  EXPECT_EQ(difference(write_of("cpuset.cpus", "0,1,2"), "0-1\n"), "0-1");
  EXPECT_EQ(difference(write_of("io.max", "8:0 rbps=7"), "8:0 rbps=7 wbps=max\n"), "");
  EXPECT_EQ(difference(write_of("io.max", "8:0 rbps=max"), ""), "");
  EXPECT_NE(difference(write_of("io.max", "8:0 rbps=7"), "8:16 rbps=7\n"), "");
  EXPECT_EQ(difference(write_of("io.weight", "50"), "default 50\n"), "");
}

TEST(ResourceUpdate, OfManyDevicesCostsTheSameForEach) {
  const auto of_many = [](std::size_t count) {
    spec::Resources change;
    for (std::size_t i = 0; i < count; ++i) {
      spec::ThrottleDevice device;
      device.major = static_cast<std::int64_t>(i);
      device.minor = 1;
      device.rate = 1000;
      change.block_io.throttle_read_bps_device.push_back(device);
    }
    return change;
  };
  EXPECT_LT(growth(500,
                   [&of_many](std::size_t count) {
                     Findings findings;
                     const spec::Resources change = of_many(count);
                     EXPECT_EQ(plan_update({}, change, findings).writes.size(), count);
                   }),
            kQuadratic);
}

}  // namespace
}  // namespace asylum::plan
