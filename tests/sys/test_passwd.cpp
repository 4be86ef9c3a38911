// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "runtime/base/text.h"
#include "runtime/sys/lines.h"
#include "runtime/sys/passwd.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::sys {
namespace {

std::optional<Account> find_in(const std::string& text, std::uint32_t uid) {
  const TemporaryDirectory directory;
  directory.write("passwd", text);
  return find_account(open_at(directory.fd(), "passwd", O_RDONLY).get(), uid);
}

std::string home_in(const std::string& text, std::uint32_t uid) {
  const auto account = find_in(text, uid);
  return account ? account->home : "none";
}

TEST(Passwd, FindsTheFirstOfAUidAndSkipsBrokenLines) {
  const std::string text =
      "broken\nroot:x:0:0:root:/root:/bin/sh\n:::\nuser:x:1000:1000::/users/user\nu2:x:01x:1::/"
      "x:\nz:x:1000:1::/other:\nlast:x:7:7::/last:/bin/sh";
  EXPECT_EQ(home_in(text, 0), "/root");
  EXPECT_EQ(home_in(text, 1000), "/users/user");
  EXPECT_EQ(home_in(text, 1), "none");
  EXPECT_EQ(home_in(text, 7), "/last") << "without a newline at its end";
  EXPECT_EQ(home_in("", 0), "none");
  EXPECT_EQ(find_in(text, 1000)->name, "user");
}

TEST(Passwd, TakesNoNulAndNoUidThatWouldWrap) {
  EXPECT_EQ(home_in(std::string("a:x:1:1::/h\0me:/bin/sh\n", 22), 1), "none");
  EXPECT_EQ(home_in("a:x:4294967296:1::/home:/bin/sh\n", 0), "none");
}

TEST(Passwd, FindsTheLastOfFortyThousand) {
  std::string text;
  for (int uid = 0; uid < 40'000; ++uid) {
    text += cat("user", uid, ":x:", uid, ":", uid, "::/users/u", uid, ":/bin/sh\n");
  }
  ASSERT_GT(text.size(), 1U << 20);
  EXPECT_EQ(home_in(text, 39'999), "/users/u39999");
}

std::vector<std::string> lines_in(const std::string& text, std::size_t limit = 1U << 20) {
  const TemporaryDirectory directory;
  directory.write("file", text);
  std::vector<std::string> lines;
  for_each_line(open_at(directory.fd(), "file", O_RDONLY).get(), limit, [&](std::string_view line) {
    lines.emplace_back(line);
    return true;
  });
  return lines;
}

TEST(Lines, AreWholeWhateverTheReadsAre) {
  const std::string longer(100'000, 'x');
  EXPECT_EQ(lines_in(cat("a\n\n", longer, "\nb")),
            (std::vector<std::string>{"a", "", longer, "b"}));
  EXPECT_TRUE(lines_in("").empty());
}

TEST(Lines, EndAtTheLimit) {
  EXPECT_NO_THROW(lines_in("12345", 5));
  EXPECT_ANY_THROW(lines_in("123456", 5));
}

}  // namespace
}  // namespace asylum::sys
