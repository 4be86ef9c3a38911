// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace asylum::container {
namespace {

using ::testing::ElementsAre;

TEST(Words, AnyBytesComeBack) {
  const std::vector<std::string> words{
      "plain", "", "-", "a b", "100%", "line\nbreak", "\xff", std::string("nul\0", 4)};
  const std::string line = encode_line(words);
  EXPECT_EQ(line.find('\n'), line.size() - 1);
  EXPECT_EQ(decode_line(line.substr(0, line.size() - 1)), words);
}

TEST(Words, DamageIsRefused) {
  for (const char* text : {"", "%", "%1", "%zz", "a\tb", "%0a"}) {
    EXPECT_EQ(decode_word(text), std::nullopt) << text;
  }
}

TEST(Words, ATornLastLineIsLeftOut) {
  EXPECT_THAT(whole_lines("made a\n\nmade b"), ElementsAre("made a", ""));
}

TEST(Words, ADamagedLineIsNone) {
  EXPECT_FALSE(decode_line("a  b"));
  EXPECT_FALSE(decode_line(""));
}

}  // namespace
}  // namespace asylum::container
