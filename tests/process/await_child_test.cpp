// SPDX-License-Identifier: Apache-2.0
// What ends the wait for a process that is being set up, and what does not.
#include "runtime/process/both/await_child.h"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <functional>
#include <string>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/sys/fd.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {
namespace {

struct Life {
  sys::Pipe pipe = sys::make_pipe();
  std::function<void(int write_end)> live;
};

void live_and_exit(void* context) noexcept {
  const Life& life = *static_cast<Life*>(context);
  life.live(life.pipe.write_end.get());
  sys::exit_now(0);
}

/// A child of which main expects a byte; killed and reaped at the end.
class AwaitChild : public testing::Test {
 protected:
  void start(std::function<void(int)> live) {
    life_.live = std::move(live);
    child_ = sys::clone_process({}, live_and_exit, &life_);
    life_.pipe.write_end.reset();
  }

  void TearDown() override {
    (void)sys::try_send_signal(child_.pidfd.get(), SIGKILL);
    (void)sys::wait_pidfd(child_.pidfd.get());
  }

  AwaitedChild awaited(sys::Deadline deadline = sys::Deadline::never(),
                       IsFrozen is_frozen = {}) const {
    return {child_.pid, child_.pidfd.get(), std::move(is_frozen), deadline};
  }

  std::string failure(const AwaitedChild& child, ErrorKind kind, std::int64_t stillness_ms) {
    try {
      (void)await_child(life_.pipe.read_end.get(), child, stillness_ms);
    } catch (const Error& error) {
      EXPECT_EQ(error.kind, kind) << error.detail;
      return error.detail;
    }
    ADD_FAILURE() << "the wait ended without an error";
    return "";
  }

  int signal_that_ended_it() {
    const auto end = sys::wait_pidfd(child_.pidfd.get(), WNOWAIT);
    return end->signal;
  }

  Life life_;
  sys::Child child_;
};

TEST_F(AwaitChild, EndsWhenSomethingCanBeRead) {
  start([](int fd) { sys::write_all(fd, "x"); });
  EXPECT_TRUE(await_child(life_.pipe.read_end.get(), awaited()));
  EXPECT_EQ(sys::read_all(life_.pipe.read_end.get()), "x");
}

TEST_F(AwaitChild, EndsWhenTheOtherEndIsClosed) {
  start([](int fd) {
    ::close(fd);
    ::pause();
  });
  EXPECT_TRUE(await_child(life_.pipe.read_end.get(), awaited()));
}

TEST_F(AwaitChild, EndsWithTheChildWhoeverHoldsTheOtherEnd) {
  life_.live = [](int) {};
  child_ = sys::clone_process({}, live_and_exit, &life_);
  EXPECT_FALSE(await_child(life_.pipe.read_end.get(), awaited()));
}

TEST_F(AwaitChild, LastWordsAreHeard) {
  life_.live = [](int fd) { sys::write_all(fd, "x"); };
  child_ = sys::clone_process({}, live_and_exit, &life_);
  (void)sys::wait_pidfd(child_.pidfd.get(), WNOWAIT);
  EXPECT_TRUE(await_child(life_.pipe.read_end.get(), awaited()));
}

TEST_F(AwaitChild, OneThatSleepsIsWaitedFor) {
  start([](int fd) {
    ::usleep(2'500'000);
    sys::write_all(fd, "x");
  });
  EXPECT_TRUE(await_child(life_.pipe.read_end.get(), awaited(), /*stillness_ms=*/100));
}

TEST_F(AwaitChild, OneThatIsStoppedIsKilledAndSaidSo) {
  start([](int) { ::kill(::getpid(), SIGSTOP); });
  EXPECT_EQ(failure(awaited(), ErrorKind::denied, 1000),
            "the container stopped the process that was being started; it was killed after 1 s");
  EXPECT_EQ(signal_that_ended_it(), SIGKILL);
}

TEST_F(AwaitChild, OneThatGoesOnInTimeIsNotKilled) {
  start([](int fd) {
    const pid_t self = ::getpid();
    if (::fork() == 0) {
      ::usleep(1'500'000);
      ::kill(self, SIGCONT);
      sys::exit_now(0);
    }
    ::kill(self, SIGSTOP);
    sys::write_all(fd, "x");
  });
  EXPECT_TRUE(await_child(life_.pipe.read_end.get(), awaited(), /*stillness_ms=*/600'000));
}

TEST_F(AwaitChild, OneThatIsFrozenIsKilledAndSaidSo) {
  start([](int) { ::pause(); });
  const IsFrozen frozen = [this](pid_t pid) { return pid == child_.pid; };
  EXPECT_EQ(failure(awaited(sys::Deadline::never(), frozen), ErrorKind::denied, 1000),
            "the container froze the process that was being started; it was killed after 1 s");
  EXPECT_EQ(signal_that_ended_it(), SIGKILL);
}

TEST_F(AwaitChild, TheCommandsOwnTimeEndsIt) {
  start([](int) { ::pause(); });
  failure(awaited(sys::Deadline::after_ms(100)), ErrorKind::timed_out, kStillnessMs);
  EXPECT_EQ(signal_that_ended_it(), SIGKILL);
}

}  // namespace
}  // namespace asylum::process
