// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/verbs/ps.h"

#include <gtest/gtest.h>

#include "runtime/base/error.h"

namespace asylum::container {
namespace {

constexpr pid_t kPids[] = {7, 12};

TEST(PsLines, KeepsHeadingAndTheContainersLines) {
  EXPECT_EQ(lines_of(kPids,
                     "UID   PID  PPID CMD\nroot    1     0 init 7\nroot    7     1 a b\n"
                     "root   12     7 c\nroot  120     1 d\n"),
            "UID   PID  PPID CMD\nroot    7     1 a b\nroot   12     7 c\n");
}

TEST(PsLines, FindsTheColumnWhereverItIs) {
  EXPECT_EQ(lines_of(kPids, "CMD PID\nx 12\n\ny\n"), "CMD PID\nx 12\n");
}

TEST(PsLines, WithoutTheColumnItSaysRuncsWords) {
  try {
    lines_of(kPids, "CMD\nx\n");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.detail, "couldn't find PID field in ps output");
  }
}

}  // namespace
}  // namespace asylum::container
