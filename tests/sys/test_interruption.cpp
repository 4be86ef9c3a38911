// SPDX-License-Identifier: Apache-2.0
// Signals that end a wait, once, and only where the command says so.
#include "runtime/sys/interruption.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include "runtime/sys/fd.h"
#include "runtime/sys/file.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/signals.h"

namespace asylum::sys {
namespace {

/// All signals held, as the foreground holds them.
class InterruptionTest : public testing::Test {
 protected:
  InterruptionTest() : before_(block_all_signals()) {}
  ~InterruptionTest() override {
    for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) {
      sigset_t one;
      ::sigemptyset(&one);
      ::sigaddset(&one, signal);
      timespec now{};
      ::sigtimedwait(&one, nullptr, &now);
    }
    set_signal_mask(before_);
  }

  bool wait_briefly() { return wait_for(pipe_.read_end.get(), POLLIN, Deadline::after_ms(20)); }

  sigset_t before_;
  Pipe pipe_ = make_pipe();
};

TEST_F(InterruptionTest, ASignalEndsAWait) {
  const Interruptible here;
  ::kill(::getpid(), SIGINT);
  try {
    wait_for(pipe_.read_end.get(), POLLIN, Deadline::never());
    FAIL() << "the wait was not interrupted";
  } catch (const Interruption& error) {
    EXPECT_EQ(error.signal, SIGINT);
    EXPECT_EQ(error.kind, ErrorKind::interrupted);
    EXPECT_EQ(error.detail, "ended by SIGINT");
  }
}

TEST_F(InterruptionTest, OnlyTheFirstIsTaken) {
  const Interruptible here;
  ::kill(::getpid(), SIGTERM);
  EXPECT_THROW(wait_briefly(), Interruption);
  ::kill(::getpid(), SIGINT);
  EXPECT_FALSE(wait_briefly()) << "what is undone must not be interrupted again";
}

TEST_F(InterruptionTest, OtherSignalsStayForTheProgram) {
  const Interruptible here;
  ::kill(::getpid(), SIGUSR1);
  EXPECT_FALSE(wait_briefly());
  sigset_t pending;
  ::sigpending(&pending);
  EXPECT_EQ(::sigismember(&pending, SIGUSR1), 1);
}

TEST_F(InterruptionTest, WithoutItNothingIsHeard) {
  { const Interruptible gone; }
  ::kill(::getpid(), SIGTERM);
  EXPECT_FALSE(wait_briefly());
}

TEST_F(InterruptionTest, WhatIsReadyIsSeenBesides) {
  const Interruptible here;
  write_all(pipe_.write_end.get(), "x");
  EXPECT_TRUE(wait_briefly());
}

TEST_F(InterruptionTest, AChildDoesNotHearItsParentsSignals) {
  const Interruptible here;
  int (*const listening)() = interruption_fd;
  const Child child = clone_process(
      {}, [](void* what) noexcept { exit_now((*static_cast<int (**)()>(what))() < 0 ? 0 : 1); },
      const_cast<void*>(static_cast<const void*>(&listening)));
  EXPECT_EQ(wait_pidfd(child.pidfd.get())->code, 0);
}

}  // namespace
}  // namespace asylum::sys
