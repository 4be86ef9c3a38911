// SPDX-License-Identifier: Apache-2.0
// The lock: not inherited by a child, waits with a deadline, names its holder.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "runtime/sys/lock.h"
#include "runtime/sys/socket.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::sys {
namespace {

// A child that holds the lock until told otherwise, or for good.
class Holder {
 public:
  explicit Holder(const TemporaryDirectory& dir) : pair_(seqpacket_pair()) {
    pid_ = ::fork();
    if (pid_ == 0) {
      pair_.ours.reset();
      const Fd file = open_at(AT_FDCWD, dir.path() + "/lock", O_RDWR | O_CREAT, 0600);
      const bool held = try_lock(file.get());
      send_message(pair_.theirs.get(), held ? "held" : "not held");
      (void)receive_message(pair_.theirs.get());
      ::_exit(0);
    }
    pair_.theirs.reset();
    EXPECT_EQ(receive_message(pair_.ours.get())->bytes, "held");
  }
  ~Holder() {
    pair_.ours.reset();
    ::waitpid(pid_, nullptr, 0);
  }
  void let_go() { pair_.ours.reset(); }
  pid_t pid() const { return pid_; }

 private:
  SocketPair pair_;
  pid_t pid_ = -1;
};

std::int64_t milliseconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

TEST(Lock, OneHolderAtATime) {
  const TemporaryDirectory dir;
  const Holder holder(dir);
  const Fd file = open_at(dir.fd(), "lock", O_RDWR);
  EXPECT_FALSE(try_lock(file.get()));
  EXPECT_EQ(lock_holder(file.get()), holder.pid());
}

TEST(Lock, WaitingEndsAtTheDeadline) {
  const TemporaryDirectory dir;
  const Holder holder(dir);
  const Fd file = open_at(dir.fd(), "lock", O_RDWR);
  const std::int64_t before = milliseconds();
  EXPECT_FALSE(lock_until(file.get(), Deadline::after_ms(100)));
  EXPECT_GE(milliseconds() - before, 99);
  EXPECT_LT(milliseconds() - before, 5000);
}

TEST(Lock, WaitingEndsWhenTheHolderDies) {
  const TemporaryDirectory dir;
  Holder holder(dir);
  const Fd file = open_at(dir.fd(), "lock", O_RDWR);
  holder.let_go();
  EXPECT_TRUE(lock_until(file.get(), Deadline::after_ms(10000)));
  EXPECT_FALSE(lock_holder(file.get()));
}

TEST(Lock, WaitingLeavesSignalsAsTheyWere) {
  const TemporaryDirectory dir;
  const Holder holder(dir);
  const Fd file = open_at(dir.fd(), "lock", O_RDWR);
  ::signal(SIGALRM, SIG_IGN);
  EXPECT_FALSE(lock_until(file.get(), Deadline::after_ms(1)));
  EXPECT_EQ(::signal(SIGALRM, SIG_DFL), SIG_IGN);
  EXPECT_EQ(::alarm(0), 0U);
}

TEST(Lock, AChildDoesNotInheritIt) {
  const TemporaryDirectory dir;
  const Fd file = open_at(dir.fd(), "lock", O_RDWR | O_CREAT, 0600);
  ASSERT_TRUE(try_lock(file.get()));
  const pid_t child = ::fork();
  if (child == 0) ::_exit(lock_holder(file.get()) == ::getppid() && !try_lock(file.get()) ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
}

TEST(Lock, IsGivenBackWithItsDescriptor) {
  const TemporaryDirectory dir;
  Fd file = open_at(dir.fd(), "lock", O_RDWR | O_CREAT, 0600);
  ASSERT_TRUE(try_lock(file.get()));
  file.reset();
  const Holder holder(dir);
}

}  // namespace
}  // namespace asylum::sys
