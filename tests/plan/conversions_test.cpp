// SPDX-License-Identifier: Apache-2.0
// The numbers that runc writes; runtime-spec gives none, so engines' users know these.
#include "runtime/plan/resources/cgroup_conversions.h"

#include <gtest/gtest.h>

#include <cmath>

namespace asylum::plan {
namespace {

TEST(WeightOfShares, GivesRuncsNumbers) {
  EXPECT_EQ(weight_of_shares(1024), 100U);
  EXPECT_EQ(weight_of_shares(512), 59U);
  EXPECT_EQ(weight_of_shares(2048), 174U);
  EXPECT_EQ(weight_of_shares(256), 35U);
  EXPECT_EQ(weight_of_shares(102), 17U);
  EXPECT_EQ(weight_of_shares(10), 4U);
}

TEST(WeightOfShares, IsWhatLibmGives) {
  for (std::uint64_t shares = 3; shares < 262144; ++shares) {
    const double l = std::log2(static_cast<double>(shares));
    const double weight = std::pow(10, (l * l + 125 * l) / 612.0 - 7.0 / 34.0);
    ASSERT_EQ(weight_of_shares(shares), static_cast<std::uint64_t>(std::ceil(weight))) << shares;
  }
}

TEST(WeightOfShares, KeepsToTheEnds) {
  EXPECT_EQ(weight_of_shares(0), 0U) << "not set";
  EXPECT_EQ(weight_of_shares(1), 1U);
  EXPECT_EQ(weight_of_shares(2), 1U);
  EXPECT_EQ(weight_of_shares(262144), 10000U);
  EXPECT_EQ(weight_of_shares(~0ULL), 10000U);
}

TEST(IoWeight, MapsTheRangeLinearly) {
  EXPECT_EQ(io_weight_of_blkio(0), 0U) << "not set";
  EXPECT_EQ(io_weight_of_blkio(10), 1U);
  EXPECT_EQ(io_weight_of_blkio(500), 4950U);
  EXPECT_EQ(io_weight_of_blkio(1000), 10000U);
}

TEST(LimitText, TellsUnsetFromUnlimited) {
  EXPECT_EQ(limit_text(0), "");
  EXPECT_EQ(limit_text(-1), "max");
  EXPECT_EQ(limit_text(1 << 20), "1048576");
}

TEST(SwapText, SubtractsTheMemory) {
  EXPECT_EQ(swap_text(300, 100).value, "200");
  EXPECT_EQ(swap_text(100, 100).value, "0") << "equal: no swap at all";
}

TEST(SwapText, HandlesUnlimitedAndUnset) {
  EXPECT_EQ(swap_text(std::nullopt, -1).value, "max");
  EXPECT_EQ(swap_text(0, -1).value, "max");
  EXPECT_EQ(swap_text(-1, 100).value, "max");
  EXPECT_EQ(swap_text(0, 100).value, "");
  EXPECT_EQ(swap_text(500, -1).value, "500");
  EXPECT_EQ(swap_text(std::nullopt, std::nullopt).value, "");
}

TEST(SwapText, RefusesWhatCannotBe) {
  EXPECT_STREQ(swap_text(100, std::nullopt).error, "unable to set swap limit without memory limit");
  EXPECT_STREQ(swap_text(100, 200).error, "memory+swap limit should be >= memory limit");
}

}  // namespace
}  // namespace asylum::plan
