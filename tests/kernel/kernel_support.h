// SPDX-License-Identifier: Apache-2.0
// A world of its own for a kernel test: the body runs in a child with new namespaces, so that no
// mount, id or signal of it outlives the test. Failed expectations in the body are printed there
// and fail the test here.
#pragma once

#include <gtest/gtest.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <exception>

#include "runtime/base/error.h"
#include "runtime/base/report.h"

/// Skips aloud when we are not root.
#define REQUIRE_ROOT()                                  \
  do {                                                  \
    if (::geteuid() != 0) GTEST_SKIP() << "needs root"; \
  } while (false)

namespace asylum {

/// Runs `body` in a child that has unshared `namespaces` (CLONE_NEWNS: all mounts private first).
/// With CLONE_NEWPID the body is pid 1 of the new one.
template <typename Body>
void in_child(int namespaces, Body body) {
  ::fflush(nullptr);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    if (namespaces != 0 && ::unshare(namespaces) != 0) ::_exit(99);
    if ((namespaces & CLONE_NEWNS) != 0)
      ::mount(nullptr, "/", nullptr, MS_PRIVATE | MS_REC, nullptr);
    pid_t inner = (namespaces & CLONE_NEWPID) != 0 ? ::fork() : 0;
    if (inner != 0) {
      int status = 0;
      ::waitpid(inner, &status, 0);
      ::_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 98);
    }
    try {
      body();
    } catch (const Error& error) {
      ADD_FAILURE() << sentence_of(error);
    } catch (const std::exception& error) {
      ADD_FAILURE() << error.what();
    }
    ::fflush(nullptr);
    ::_exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status)) << "killed by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0) << "the body failed, see above (99: unshare was refused)";
}

/// What `action` throws, for a look at it; fails the test when it throws nothing.
template <typename Action>
Error error_from(Action action) {
  try {
    action();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "nothing was thrown";
  return {ErrorKind::internal, "nothing was thrown"};
}

}  // namespace asylum
