// SPDX-License-Identifier: Apache-2.0
// Main's side of a start with a real init: duties, what is set from outside, deaths and their
// explanation.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <string>

#include "runtime/base/error.h"
#include "runtime/base/report.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/main/launch.h"
#include "runtime/process/main/open_gate.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/memory_file.h"
#include "runtime/sys/process/credentials.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/process/tuning.h"
#include "tests/kernel/init_support.h"

namespace asylum::process {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr std::uint64_t kSysResource = std::uint64_t{1} << 24;

plan::Hook some_hook(HookStage stage, plan::Plan& plan) {
  plan::Hook hook;
  hook.path = "/bin/true";
  plan.hooks[static_cast<std::size_t>(stage)].push_back(hook);
  return hook;
}

class ProcessLaunch : public ::testing::Test {
 protected:
  void SetUp() override {
    REQUIRE_ROOT();
    if (!has_static_busybox()) GTEST_SKIP() << "needs busybox-static";
  }
  void TearDown() override {
    // Whatever happened, no child may be left: neither alive nor as a zombie.
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1);
  }
};

TEST_F(ProcessLaunch, HostHooksSeeInitsPidAndRunOnce) {
  const BusyboxRoot root;
  plan::Plan plan = default_plan(root, "echo ran");
  some_hook(HookStage::create_runtime, plan);
  int calls = 0;
  bool in_own_namespace = false;
  const Outcome outcome =
      run_container(root, plan, {.host_hooks = [&](pid_t init) {
                      ++calls;
                      const auto link = [](const std::string& who) {
                        return sys::read_link_at(AT_FDCWD, cat("/proc/", who, "/ns/mnt"));
                      };
                      in_own_namespace = link(cat(init)) != link("self");
                    }});
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.output, "ran\n");
  EXPECT_EQ(calls, 1);
  EXPECT_TRUE(in_own_namespace);
}

TEST_F(ProcessLaunch, AnErrorOfInitIsAboutItsStepAndEnclosedByMains) {
  const BusyboxRoot root;
  plan::Plan plan = default_plan(root, "echo ran");
  plan.process.memory_policy = plan::MemoryPolicy{2, {1023}};  // MPOL_BIND
  const Step step{"create the container", "/not/this"};
  const Outcome outcome = run_container(root, plan);
  // ENOSYS: a kernel without NUMA.
  EXPECT_THAT(outcome.error,
              MatchesRegex("cannot set the memory policy: (invalid argument|function not "
                           "implemented) .config.json#/linux/memoryPolicy."));
  EXPECT_EQ(outcome.context, std::vector<std::string>{"create the container"});
}

TEST_F(ProcessLaunch, AFailingDutyEndsInitAndIsTheError) {
  const BusyboxRoot root;
  plan::Plan plan = default_plan(root, "echo ran");
  some_hook(HookStage::prestart, plan);
  const Outcome outcome = run_container(
      root, plan, {.host_hooks = [](pid_t) { throw Error(ErrorKind::os, "the hook's word"); }});
  EXPECT_EQ(outcome.error, "the hook's word");
  EXPECT_EQ(outcome.output, "");
}

TEST_F(ProcessLaunch, InitKilledInTheDialogueIsExplained) {
  const BusyboxRoot root;
  plan::Plan plan = default_plan(root, "echo ran");
  some_hook(HookStage::create_runtime, plan);
  const Outcome outcome =
      run_container(root, plan, {.host_hooks = [](pid_t init) { ::kill(init, SIGKILL); }});
  EXPECT_THAT(outcome.error, HasSubstr("while it set the container up: killed by SIGKILL"));
  EXPECT_EQ(outcome.output, "");
}

TEST_F(ProcessLaunch, OomScoreAdjustmentIsSetFromOutside) {
  const BusyboxRoot root;
  plan::Plan plan = default_plan(root, "cat /proc/self/oom_score_adj");
  plan.process.oom_score_adj = 777;
  EXPECT_EQ(run_container(root, plan).output, "777\n");
}

TEST_F(ProcessLaunch, RaisingAHardLimitNeedsTheHostsPrivilegeAndNamesTheLimit) {
  const BusyboxRoot root;
  const bool privileged = (sys::get_capabilities().effective & kSysResource) != 0;
  const auto now = sys::get_resource_limit(0, 7);
  plan::Plan plan = default_plan(root, "ulimit -Hn");
  plan.process.limits = {{7, "RLIMIT_NOFILE", 64, now.hard + 1, "/process/rlimits/0"}};
  const Outcome outcome = run_container(root, plan);
  if (privileged) {
    EXPECT_EQ(outcome.output, cat(now.hard + 1, "\n"));
  } else {
    EXPECT_EQ(outcome.pointer, "/process/rlimits/0");
    EXPECT_THAT(outcome.error, HasSubstr("raise RLIMIT_NOFILE"));
  }
}

TEST_F(ProcessLaunch, UserNamespaceGetsItsMaps) {
  const BusyboxRoot root;
  plan::Plan plan = default_plan(root, "id -u; cat /proc/self/uid_map /proc/self/gid_map");
  plan.namespaces.insert(plan.namespaces.begin(), {NamespaceType::user, "", ""});
  plan.id_maps.emplace();
  plan.id_maps->uids = plan.id_maps->gids = {{0, 0, 1}, {1, 100000, 65535}};
  for (plan::DeviceNode& device : plan.devices) device.bind_from_host = true;
  const Outcome outcome = run_container(root, plan);
  EXPECT_EQ(outcome.error, "");
  EXPECT_THAT(outcome.output, testing::MatchesRegex("0\n( *0 +0 +1\n *1 +100000 +65535\n){2}"));
}

TEST_F(ProcessLaunch, AMapTheKernelRefusesIsNamed) {
  const BusyboxRoot root;
  plan::Plan plan = default_plan(root, "echo ran");
  plan.namespaces.insert(plan.namespaces.begin(), {NamespaceType::user, "", ""});
  plan.id_maps.emplace();
  plan.id_maps->pointer = "/linux/uidMappings";
  plan.id_maps->uids = {{0, 0, 10}, {5, 100, 10}};  // overlapping
  plan.id_maps->gids = {{0, 0, 10}};
  const Outcome outcome = run_container(root, plan);
  EXPECT_EQ(outcome.pointer, "/linux/uidMappings");
  EXPECT_THAT(outcome.error, HasSubstr("cannot map the user namespace's ids"));
}

/// Starts, without commit and gate.
class LaunchedInit {
 public:
  explicit LaunchedInit(const BusyboxRoot& root, plan::Plan plan)
      : root_(root), plan_(std::move(plan)) {
    gate_ = make_gate(root.state_fd());
    launched_ = launch({plan_, -1, gate_}, {[](pid_t, int) {}, {}, {}, {}});
    gate_ = {};
  }
  ~LaunchedInit() {
    (void)sys::try_send_signal(launched_.pidfd.get(), SIGKILL);
    (void)end();
    (void)sys::try_remove_at(root_.state_fd(), kGoName);
    (void)sys::try_remove_at(root_.state_fd(), kAnswerName);
  }
  Launched& operator*() { return launched_; }
  Launched* operator->() { return &launched_; }
  std::string end() {
    if (!ended_) ended_ = sys::wait_pidfd(launched_.pidfd.get());
    return sys::describe(*ended_);
  }

 private:
  const BusyboxRoot& root_;
  plan::Plan plan_;
  GateEnds gate_;
  Launched launched_;
  std::optional<sys::WaitResult> ended_;
};

TEST_F(ProcessLaunch, WithoutCommitInitDoesNotReachTheGate) {
  const BusyboxRoot root;
  LaunchedInit init(root, default_plan(root, "echo ran"));
  init->channel.reset();  // as if main had died
  EXPECT_EQ(init.end(), "exit status 1");
  EXPECT_FALSE(is_init_at_gate(root.state_fd(), init->pid));
}

TEST_F(ProcessLaunch, AtTheGateAPidNamespacesInitDiesOfTermIntAndHup) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    const BusyboxRoot root;
    LaunchedInit init(root, default_plan(root, "echo ran"));
    commit(*init);
    EXPECT_TRUE(is_init_at_gate(root.state_fd(), init->pid));
    ASSERT_EQ(sys::try_send_signal(init->pidfd.get(), signal), 0);
    EXPECT_EQ(init.end(), cat("exit status ", 128 + signal));
  }
}

TEST_F(ProcessLaunch, CloneGoesIntoEveryNewNamespace) {
  const BusyboxRoot root;
  LaunchedInit init(root, default_plan(root, "echo ran"));
  for (const char* name : {"pid", "net", "ipc", "uts", "mnt", "cgroup"}) {
    EXPECT_NE(sys::read_link_at(AT_FDCWD, cat("/proc/", init->pid, "/ns/", name)),
              sys::read_link_at(AT_FDCWD, cat("/proc/self/ns/", name)))
        << name;
  }
  EXPECT_EQ(sys::read_link_at(AT_FDCWD, cat("/proc/", init->pid, "/ns/user")),
            sys::read_link_at(AT_FDCWD, "/proc/self/ns/user"));
}

/// A filter that allows all but `number`, which it answers with `action`.
sys::Fd filter_against(unsigned number, std::uint32_t action) {
  const std::array program{
      sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
      sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
      sock_filter BPF_STMT(BPF_RET | BPF_K, action),
      sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  return sys::make_sealed_file("filter",
                               {reinterpret_cast<const char*>(program.data()), sizeof program});
}

TEST_F(ProcessLaunch, AFilterThatKillsExecveIsExplained) {
  const BusyboxRoot root;
  plan::Plan plan = default_plan(root, "echo ran");
  plan.seccomp.emplace();
  const Outcome outcome = run_container(
      root, plan, {.filter = [] { return filter_against(SYS_execve, SECCOMP_RET_KILL_PROCESS); }});
  EXPECT_EQ(outcome.pointer, "/linux/seccomp");
  EXPECT_THAT(outcome.error, HasSubstr("killed by SIGSYS"));
  EXPECT_EQ(outcome.output, "");
}

TEST_F(ProcessLaunch, AFilterThatKillsTheGatesReadIsExplained) {
  const BusyboxRoot root;
  plan::Plan plan = default_plan(root, "echo ran");
  plan.seccomp.emplace();
  const Outcome outcome = run_container(
      root, plan, {.filter = [] { return filter_against(SYS_read, SECCOMP_RET_KILL_PROCESS); }});
  EXPECT_EQ(outcome.pointer, "/linux/seccomp");
  EXPECT_THAT(outcome.error, HasSubstr("killed by SIGSYS"));
}

TEST_F(ProcessLaunch, AFilterThatRefusesExecveIsTheErrnosError) {
  const BusyboxRoot root;
  plan::Plan plan = default_plan(root, "echo ran");
  plan.seccomp.emplace();
  const Outcome outcome = run_container(
      root, plan,
      {.filter = [] { return filter_against(SYS_execve, SECCOMP_RET_ERRNO | EACCES); }});
  EXPECT_THAT(outcome.error, HasSubstr("permission denied"));
}

}  // namespace
}  // namespace asylum::process
