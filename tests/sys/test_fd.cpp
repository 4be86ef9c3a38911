// SPDX-License-Identifier: Apache-2.0
// The owner of descriptors: closes once, never twice, never leaks over an assignment.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/sys/fd.h"
#include "runtime/sys/file.h"

namespace asylum::sys {
namespace {

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}
Fd some_fd() {
  return open_at(AT_FDCWD, "/dev/null", O_RDONLY);
}

TEST(Fd, ClosesAtTheEndOfItsScope) {
  int number = -1;
  {
    const Fd fd = some_fd();
    number = fd.get();
    EXPECT_TRUE(is_open(number));
  }
  EXPECT_FALSE(is_open(number));
}

TEST(Fd, MoveAssignmentClosesWhatItHeld) {
  Fd kept = some_fd();
  Fd given = some_fd();
  const int old = kept.get();
  const int number = given.get();
  kept = std::move(given);
  EXPECT_FALSE(is_open(old));
  EXPECT_EQ(kept.get(), number);
  EXPECT_FALSE(given);
}

TEST(Fd, SelfAssignmentKeepsIt) {
  Fd fd = some_fd();
  Fd& same = fd;
  fd = std::move(same);
  EXPECT_TRUE(is_open(fd.get()));
}

TEST(Fd, ResetToItselfKeepsIt) {
  Fd fd = some_fd();
  fd.reset(fd.get());
  EXPECT_TRUE(is_open(fd.get()));
}

TEST(Fd, ReleaseGivesItAway) {
  Fd fd = some_fd();
  const int number = fd.release();
  EXPECT_FALSE(fd);
  EXPECT_TRUE(is_open(number));
  ::close(number);
}

TEST(Fd, DuplicatesAreCloseOnExec) {
  const Fd fd = some_fd();
  const Fd copy = fd.dup();
  EXPECT_NE(copy.get(), fd.get());
  EXPECT_EQ(::fcntl(copy.get(), F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
  EXPECT_EQ(identity_of(copy.get()), identity_of(fd.get()));
  EXPECT_GE(duplicate(fd.get(), 100).get(), 100);
}

TEST(Fd, DuplicateToClearsCloseOnExecAlsoOnTheSameNumber) {
  const Fd fd = some_fd();
  duplicate_to(fd.get(), fd.get());
  EXPECT_EQ(::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(Fd, FlagsAreChangedOneByOne) {
  const Fd fd = some_fd();
  set_nonblocking(fd.get(), true);
  EXPECT_NE(::fcntl(fd.get(), F_GETFL) & O_NONBLOCK, 0);
  set_nonblocking(fd.get(), false);
  EXPECT_EQ(::fcntl(fd.get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(Fd, DuplicateOfNothingThrows) {
  EXPECT_THROW(duplicate(-1), Error);
}

}  // namespace
}  // namespace asylum::sys
