// SPDX-License-Identifier: Apache-2.0
// Signals go to the processes of a cgroup, and to nobody who has got the number of one meanwhile.
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <functional>

#include "runtime/base/text.h"
#include "runtime/cgroup/cgroup.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::cgroup {
namespace {

/// A child that waits for its death.
class Victim {
 public:
  Victim() : pid_(::fork()) {
    if (pid_ == 0) {
      while (true) ::pause();
    }
  }
  ~Victim() { (void)end(); }
  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;
  pid_t pid() const { return pid_; }
  /// The signal that ended it: SIGKILL if none had.
  int end() {
    if (pid_ < 0) return 0;
    int status = 0;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WTERMSIG(status);
  }

 private:
  pid_t pid_;
};

/// Runs `work` in a child that is stopped when it enters system call `number`, for `meanwhile`.
void run_stopping_at(long number, const std::function<void()>& work,
                     const std::function<void()>& meanwhile) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    work();
    ::_exit(0);
  }
  int status = 0;
  bool met = false;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_EQ(::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD), 0);
  ::ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
  while (::waitpid(child, &status, 0) == child && WIFSTOPPED(status)) {
    struct __ptrace_syscall_info info {};
    const auto size = ::ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info);
    if (!met && size > 0 && info.op == PTRACE_SYSCALL_INFO_ENTRY &&
        info.entry.nr == static_cast<std::uint64_t>(number)) {
      met = true;
      meanwhile();
    }
    ::ptrace(met ? PTRACE_CONT : PTRACE_SYSCALL, child, nullptr, nullptr);
  }
  EXPECT_TRUE(met) << "the system call was not made";
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

class SignalTest : public ::testing::Test {
 protected:
  Cgroup open() const { return {sys::duplicate(tree_.fd()), "/web1"}; }
  sys::TemporaryDirectory tree_;
};

TEST_F(SignalTest, EveryProcessOfAllLevelsGetsIt) {
  Victim first, second;
  sys::make_directory_at(tree_.fd(), "a", 0755);
  tree_.write("cgroup.procs", cat(first.pid(), "\n"));
  tree_.write("a/cgroup.procs", cat(second.pid(), "\n"));
  open().signal_all(SIGTERM);
  EXPECT_EQ(first.end(), SIGTERM);
  EXPECT_EQ(second.end(), SIGTERM);
}

TEST_F(SignalTest, OneThatIsNotListedAnyMoreWhenItIsOpenedGetsNothing) {
  Victim outsider;
  tree_.write("cgroup.procs", cat(outsider.pid(), "\n"));
  // Between the list and the open the process has ended, and another has got its number.
  run_stopping_at(
      SYS_pidfd_open, [this] { open().signal_all(SIGTERM); },
      [this] { tree_.write("cgroup.procs", ""); });
  EXPECT_EQ(outsider.end(), SIGKILL) << "a process outside of the cgroup got the signal";
}

}  // namespace
}  // namespace asylum::cgroup
