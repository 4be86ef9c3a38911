// SPDX-License-Identifier: Apache-2.0
// The messages between the program and its late helper.
#include <gtest/gtest.h>

#include "runtime/late/both/words.h"
#include "tests/base/thrown_by.h"

namespace asylum::late {
namespace {

TEST(LateWords, ARowArrivesAsItWasSent) {
  Message message{.word = Word::mount};
  message.mount = {7, 5, "/a b", "/c\nd", "fuse.x", "rw,nosuid"};
  const Message read = decode(encode(message));
  EXPECT_EQ(read.word, Word::mount);
  EXPECT_EQ(read.mount, message.mount);
}

TEST(LateWords, AnErrorArrivesWhole) {
  Error error(ErrorKind::os, "read");
  error.err = 5;
  error.syscall = "libmount";
  const Message read = decode(encode({.word = Word::failed, .error = error}));
  ASSERT_TRUE(read.error);
  EXPECT_EQ(static_cast<const Failure&>(*read.error), static_cast<const Failure&>(error));
}

TEST(LateWords, WhatIsNoMessageIsRefused) {
  const std::string whole = encode({.word = Word::end});
  for (std::size_t size = 0; size < whole.size(); ++size) {
    EXPECT_EQ(thrown_by([&] { decode(whole.substr(0, size)); }).kind, ErrorKind::internal) << size;
  }
  EXPECT_EQ(thrown_by([&] { decode(whole + "x"); }).kind, ErrorKind::internal);
}

}  // namespace
}  // namespace asylum::late
