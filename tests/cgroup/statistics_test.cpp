// SPDX-License-Identifier: Apache-2.0
// The readers of a cgroup's figures, on texts as the kernel writes them.
#include "runtime/cgroup/statistics.h"

#include <gtest/gtest.h>

namespace asylum::cgroup {
namespace {

TEST(Statistics, FlatKeyedLines) {
  const auto values = parse_flat_keyed("usage_usec 1234\nnr_periods 0\nbroken\nword x\n");
  EXPECT_EQ(values.size(), 2U);
  EXPECT_EQ(values.at("usage_usec"), 1234U);
}

TEST(Statistics, Pressure) {
  const auto pressure = parse_pressure(
      "some avg10=0.42 avg60=1.00 avg300=12.34 total=987654\n"
      "full avg10=0.00 avg60=0.00 avg300=0.00 total=5\n");
  ASSERT_TRUE(pressure);
  EXPECT_EQ(pressure->some.avg10, "0.42");
  EXPECT_EQ(pressure->some.avg300, "12.34");
  EXPECT_EQ(pressure->some.total_us, 987654U);
  EXPECT_EQ(pressure->full.total_us, 5U);
  EXPECT_FALSE(parse_pressure(""));
}

TEST(Statistics, PressureThatIsNoNumberDoesNotGetIntoJson) {
  EXPECT_EQ(parse_pressure("some avg10=nan avg60=\"x\" avg300=. total=1\n")->some.avg10, "0.00");
}

TEST(Statistics, IoByDevice) {
  const auto io = parse_io_stat(
      "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6\n"
      "254:16\n");
  ASSERT_EQ(io.size(), 2U);
  EXPECT_EQ(io[0].major, 8U);
  EXPECT_EQ(io[0].values.at("dios"), 6U);
  EXPECT_EQ(io[1].minor, 16U);
  EXPECT_TRUE(io[1].values.empty());
}

TEST(Statistics, Limits) {
  EXPECT_EQ(parse_limit("max\n"), kNoLimit);
  EXPECT_EQ(parse_limit("4096\n"), 4096U);
}

}  // namespace
}  // namespace asylum::cgroup
