// SPDX-License-Identifier: Apache-2.0
// The flags of update as resources: each in its place, nothing else, and what is refused.
#include "runtime/container/verbs/update_options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/base/thrown_by.h"

namespace asylum::container {
namespace {

using ::testing::HasSubstr;

std::string refusal(const UpdateOptions& options, ErrorKind kind = ErrorKind::invalid_usage) {
  const Error error = thrown_by([&] { static_cast<void>(resources_of(options)); });
  EXPECT_EQ(error.kind, kind);
  return error.detail;
}

TEST(ResourcesOf, NoFlagAsksForNothing) {
  EXPECT_FALSE(resources_of({}).has_value());
  EXPECT_FALSE(resources_of({.id = "web1", .resources_file = "-"}).has_value());
}

TEST(ResourcesOf, EachFlagHasItsPlace) {
  spec::Resources expected;
  expected.block_io.weight = 500;
  expected.cpu.period_us = 100000;
  expected.cpu.quota_us = 50000;
  expected.cpu.burst_us = 1000;
  expected.cpu.shares = 512;
  expected.cpu.realtime_period_us = 20000;
  expected.cpu.realtime_runtime_us = 10000;
  expected.cpu.idle = 1;
  expected.cpu.cpus = "0-1";
  expected.cpu.mems = "0";
  expected.memory.limit_bytes = 1 << 26;
  expected.memory.reservation_bytes = 1 << 25;
  expected.memory.swap_bytes = 1 << 27;
  expected.memory.kernel_bytes = 1 << 24;
  expected.memory.kernel_tcp_bytes = 1 << 23;
  expected.pids_limit = 64;
  const auto resources = resources_of({.blkio_weight = 500,
                                       .cpu_period_us = 100000,
                                       .cpu_quota_us = 50000,
                                       .cpu_burst_us = 1000,
                                       .cpu_shares = 512,
                                       .cpu_realtime_period_us = 20000,
                                       .cpu_realtime_runtime_us = 10000,
                                       .cpu_idle = 1,
                                       .cpuset_cpus = "0-1",
                                       .cpuset_mems = "0",
                                       .memory = ByteCount{1 << 26},
                                       .memory_reservation = ByteCount{1 << 25},
                                       .memory_swap = ByteCount{1 << 27},
                                       .kernel_memory = ByteCount{1 << 24},
                                       .kernel_memory_tcp = ByteCount{1 << 23},
                                       .pids_limit = 64});
  ASSERT_TRUE(resources.has_value());
  EXPECT_EQ(*resources, expected);
}

TEST(ResourcesOf, ZeroAndNoLimitAreAskedForToo) {
  EXPECT_EQ(resources_of({.pids_limit = 0})->pids_limit, 0);
  EXPECT_EQ(resources_of({.memory = ByteCount{-1}})->memory.limit_bytes, -1);
  EXPECT_EQ(resources_of({.cpu_quota_us = -1})->cpu.quota_us, -1);
}

TEST(ResourcesOf, TheWeightOfBlockIoIsHeldToTheKernelsRange) {
  for (const std::uint64_t weight : {0U, 10U, 1000U}) {
    EXPECT_EQ(resources_of({.blkio_weight = weight})->block_io.weight, weight);
  }
  // 65546 would be 10 in sixteen bits.
  for (const std::uint64_t weight : {1U, 9U, 1001U, 65546U}) {
    EXPECT_THAT(refusal({.blkio_weight = weight}), HasSubstr("between 10 and 1000"));
  }
}

TEST(ResourcesOf, WhatACompleteConfigCouldNotSayIsRefused) {
  EXPECT_THAT(refusal({.cpuset_cpus = "0-x"}), HasSubstr("cpu/cpus"));
}

// The container's own limit may complete it.
TEST(ResourcesOf, SwapWithoutMemoryIsJudgedLater) {
  EXPECT_EQ(resources_of({.memory_swap = ByteCount{1 << 27}})->memory.swap_bytes, 1 << 27);
}

TEST(ResourcesOf, RdtHasNoContainer) {
  EXPECT_THAT(refusal({.l3_cache_schema = "L3:0=f"}, ErrorKind::unsupported),
              HasSubstr("--l3-cache-schema"));
  EXPECT_THAT(refusal({.memory_bandwidth_schema = "MB:0=10"}, ErrorKind::unsupported),
              HasSubstr("--mem-bw-schema"));
}

}  // namespace
}  // namespace asylum::container
