// SPDX-License-Identifier: Apache-2.0
// The ties between main and init: who dies with whom, what is inherited, signals at the gate.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <string>

#include "runtime/base/error.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/main/launch.h"
#include "runtime/process/main/open_gate.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/process.h"
#include "tests/kernel/container_test.h"

namespace asylum::process {
namespace {

class InitTies : public ContainerTest {};

TEST_F(InitTies, LeakedDescriptorsAreClosed) {
  const sys::Fd leak = sys::open_at(AT_FDCWD, "/", O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::fcntl(leak.get(), F_SETFD, 0), 0);
  EXPECT_EQ(output_of(plan_for("exec ls /proc/self/fd")), "0\n1\n2\n3\n");
}

/// Whether the process, by now our child, ends; the deadline only ends a test that hangs.
bool ends(const sys::Fd& pidfd) {
  pollfd end{pidfd.get(), POLLIN, 0};
  return ::poll(&end, 1, 60'000) == 1 && sys::wait_pidfd(pidfd.get()).has_value();
}

/// Whether it becomes true within a minute.
bool eventually(const std::function<bool()>& condition) {
  for (int i = 0; i < 6000; ++i) {
    if (condition()) return true;
    ::usleep(10'000);
  }
  return false;
}

/// A main that starts a container with `plan` and tells init's pid; killed or left by the test.
struct OtherMain {
  pid_t main = -1;
  pid_t init = -1;
  sys::Fd init_pidfd;
};

OtherMain start_in_other_main(const BusyboxRoot& root, const plan::Plan& plan, bool finish) {
  EXPECT_EQ(::prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
  sys::Pipe pipe = sys::make_pipe();
  OtherMain result;
  result.main = ::fork();
  if (result.main == 0) {
    GateEnds gate = make_gate(root.state_fd());
    const int out = pipe.write_end.get();
    Duties duties{[out](pid_t init, int) { (void)!::write(out, &init, sizeof init); }, {}, {}, {}};
    try {
      Launched launched = launch({plan, -1, gate}, duties);
      commit(launched);
    } catch (const Error&) {
      ::_exit(1);
    }
    ::_exit(finish ? 0 : 2);
  }
  EXPECT_EQ(::read(pipe.read_end.get(), &result.init, sizeof result.init),
            static_cast<ssize_t>(sizeof result.init));
  result.init_pidfd = sys::open_pidfd(result.init);
  return result;
}

TEST_F(InitTies, InitDiesWithMainBeforeTheCommit) {
  plan::Plan plan = plan_for("true");
  const std::string begun = root_.state() + "/begun";
  plan.hooks[static_cast<std::size_t>(HookStage::create_container)] = {
      {"/bin/sh", {"sh", "-c", "echo >" + begun + "; exec sleep 600"}, {}, {}, ""}};
  const OtherMain other = start_in_other_main(root_, plan, false);
  // In the hook, init does not read the channel: it is the tie that ends it, not the channel's end.
  ASSERT_TRUE(eventually([&] { return ::access(begun.c_str(), F_OK) == 0; }));
  ::kill(other.main, SIGKILL);
  ::waitpid(other.main, nullptr, 0);
  EXPECT_TRUE(ends(other.init_pidfd));
  (void)sys::try_send_signal(other.init_pidfd.get(), SIGKILL);
}

TEST_F(InitTies, InitOutlivesMainAfterTheCommitAndGateSignalsEndIt) {
  const OtherMain other = start_in_other_main(root_, plan_for("exit 9"), true);
  ::waitpid(other.main, nullptr, 0);
  // Ended by main's death it would be by a signal, and not by its own answer to this one.
  EXPECT_TRUE(eventually([&] { return is_init_at_gate(root_.state_fd(), other.init); }));
  EXPECT_EQ(sys::try_send_signal(other.init_pidfd.get(), SIGTERM), 0);
  const auto end = sys::wait_pidfd(other.init_pidfd.get());
  ASSERT_TRUE(end.has_value());
  EXPECT_TRUE(end->exited);
  EXPECT_EQ(end->code, 128 + SIGTERM);
  EXPECT_FALSE(is_init_at_gate(root_.state_fd(), other.init));
}

}  // namespace
}  // namespace asylum::process
