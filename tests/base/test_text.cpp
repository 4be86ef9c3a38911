// SPDX-License-Identifier: Apache-2.0
// Text tools: the edges that a config or a terminal would find.
#include <gtest/gtest.h>

#include "runtime/base/text.h"

namespace asylum {
namespace {

TEST(Text, CatTakesTextCharactersAndIntegers) {
  EXPECT_EQ(cat("pid ", 42, '/', std::string("x"), -1), "pid 42/x-1");
  EXPECT_EQ(cat(UINT64_MAX), "18446744073709551615");
  EXPECT_EQ(cat(INT64_MIN), "-9223372036854775808");
}

TEST(Text, QuoteLeavesNothingThatATerminalWouldAct) {
  EXPECT_EQ(quote("a\"b\\c"), "\"a\\\"b\\\\c\"");
  EXPECT_EQ(quote("a\nb\x1b[2J\x7f"), "\"a\\nb\\x1b[2J\\x7f\"");
  EXPECT_EQ(quote(std::string_view("a\0b", 3)), "\"a\\x00b\"");
  EXPECT_EQ(quote("ü"), "\"ü\"");
  EXPECT_EQ(quote(std::string(201, 'x')), "\"" + std::string(200, 'x') + "\"...");
}

TEST(Text, NumbersAreWholeOrNothing) {
  EXPECT_EQ(parse_u64("0"), 0U);
  EXPECT_EQ(parse_u64("18446744073709551615"), UINT64_MAX);
  for (const char* bad : {"", " 1", "1 ", "+1", "-1", "1x", "0x1", "18446744073709551616", "1.0"}) {
    EXPECT_FALSE(parse_u64(bad)) << bad;
  }
  EXPECT_EQ(parse_i64("-9223372036854775808"), INT64_MIN);
  EXPECT_FALSE(parse_i64("9223372036854775808"));
  EXPECT_FALSE(parse_i64("--1"));
}

TEST(Text, CleanPathIsLexicalAndStaysAbsolute) {
  EXPECT_EQ(clean_path(""), "/");
  EXPECT_EQ(clean_path("/"), "/");
  EXPECT_EQ(clean_path("a/../b"), "/b");
  EXPECT_EQ(clean_path("/../../etc//./passwd/"), "/etc/passwd");
  EXPECT_EQ(clean_path("/a/..."), "/a/...");
}

TEST(Text, ClosestMatchForgivesSlipsOnly) {
  constexpr std::string_view kWords[] = {"resources", "namespaces", "size", "mode"};
  EXPECT_EQ(closest_match("resourcess", kWords), "resources");
  EXPECT_EQ(closest_match("sise", kWords), "size");
  EXPECT_EQ(closest_match("namespacse", kWords), "namespaces");
  EXPECT_FALSE(closest_match("hostname", kWords));
  EXPECT_FALSE(closest_match("", kWords));
}

TEST(Text, SplitJoinTrim) {
  EXPECT_EQ(split("a,,b", ','), (std::vector<std::string_view>{"a", "", "b"}));
  EXPECT_EQ(split("", ','), (std::vector<std::string_view>{""}));
  const std::string parts[] = {"a", "a", "b"};
  EXPECT_EQ(join(parts, ", "), "a, a, b");
  EXPECT_EQ(join({}, ", "), "");
  EXPECT_EQ(trim(" \t a b\r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
}

TEST(Text, PointerTokens) {
  EXPECT_EQ(escape_pointer_token("a/b~c"), "a~1b~0c");
}

}  // namespace
}  // namespace asylum
