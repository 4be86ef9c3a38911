// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/quantity_text.h"

#include <gtest/gtest.h>

namespace asylum {
namespace {

TEST(ParseSize, TakesUnitsOf1024InAnySpelling) {
  EXPECT_EQ(parse_size("0"), 0);
  EXPECT_EQ(parse_size("4096"), 4096);
  EXPECT_EQ(parse_size("100b"), 100);
  EXPECT_EQ(parse_size("512m"), 512LL << 20);
  EXPECT_EQ(parse_size("512MB"), 512LL << 20);
  EXPECT_EQ(parse_size("1g"), 1LL << 30);
  EXPECT_EQ(parse_size("64KiB"), 64LL << 10);
  EXPECT_EQ(parse_size("1.5G"), 3LL << 29);
  EXPECT_EQ(parse_size("1 k"), 1024);
  EXPECT_EQ(parse_size("2t"), 2LL << 40);
}

TEST(ParseSize, MinusOneIsNoLimit) {
  EXPECT_EQ(parse_size("-1"), -1);
  EXPECT_EQ(parse_size("-2"), std::nullopt);
}

TEST(ParseSize, RefusesWhatIsNoSizeOrDoesNotFit) {
  for (const char* text : {"", "m", "lots", "1x", "1mm", "1gbb", "1..5g", "1.g5", "0x10", "+1",
                           "9223372036854775808", "9000000000g", " 1", "1  k"}) {
    EXPECT_EQ(parse_size(text), std::nullopt) << text;
  }
}

TEST(ParseDuration, ReadsGosWords) {
  EXPECT_EQ(parse_duration_ns("5s"), 5'000'000'000);
  EXPECT_EQ(parse_duration_ns("250ms"), 250'000'000);
  EXPECT_EQ(parse_duration_ns("1m30s"), 90'000'000'000);
  EXPECT_EQ(parse_duration_ns("1.5h"), 5'400'000'000'000);
  EXPECT_EQ(parse_duration_ns("3us2ns"), 3'002);
  EXPECT_EQ(parse_duration_ns("0"), 0);
  EXPECT_EQ(parse_duration_ns("-3s"), -3'000'000'000);
}

TEST(ParseDuration, RefusesTheRest) {
  for (const char* text : {"", "5", "s", "5 s", "5x", "1s2", "--1s", "300000000h"}) {
    EXPECT_EQ(parse_duration_ns(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace asylum
