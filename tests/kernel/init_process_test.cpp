// SPDX-License-Identifier: Apache-2.0
// What else a start is made of: seccomp filter, hooks, terminal, tuning, the root as a whole.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/sys/file.h"
#include "runtime/sys/memory_file.h"
#include "runtime/sys/process/process.h"
#include "tests/kernel/container_test.h"

namespace asylum::process {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class InitProcess : public ContainerTest {};

// ---- seccomp
// --------------------------------------------------------------------------------------

/// Denies the numbers with `action`, allows all else.
sys::Fd filter_against(const std::vector<long>& numbers, std::uint32_t action) {
  std::vector<sock_filter> program;
  program.push_back(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)));
  for (const long number : numbers) {
    program.push_back(
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<std::uint32_t>(number), 0, 1));
    program.push_back(BPF_STMT(BPF_RET | BPF_K, action));
  }
  program.push_back(BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW));
  return sys::make_sealed_file("filter", {reinterpret_cast<const char*>(program.data()),
                                          program.size() * sizeof(sock_filter)});
}

TEST_F(InitProcess, LateFilterAllowsInitNothingButItsLastActs) {
  plan::Plan plan = plan_for("");
  plan.process.args = {"true"};
  plan.seccomp = plan::Seccomp{};
  Hooks hooks;
  hooks.filter = [] {
    return filter_against(
        {SYS_sendmsg, SYS_recvmsg, SYS_sendto, SYS_recvfrom, SYS_close, SYS_close_range, SYS_fcntl,
         SYS_capget, SYS_capset, SYS_setresuid, SYS_chdir, SYS_rt_sigaction, SYS_rt_sigprocmask,
         SYS_openat, SYS_faccessat, SYS_seccomp, SYS_clone, SYS_clone3},
        SECCOMP_RET_KILL_PROCESS);
  };
  const Outcome outcome = run_container(root_, plan, hooks);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.exit_code, 0);
}

TEST_F(InitProcess, FilterIsInForceWithAndWithoutNoNewPrivs) {
  for (const bool no_new_privileges : {true, false}) {
    plan::Plan plan = plan_for("mkdir /dev/shm/x 2>&1 || cat /proc/self/status");
    plan.seccomp = plan::Seccomp{};
    plan.process.identity.no_new_privileges = no_new_privileges;
    Hooks hooks;
    hooks.filter = [] {
      return filter_against({SYS_mkdir, SYS_mkdirat}, SECCOMP_RET_ERRNO | ENOTTY);
    };
    const std::string output = output_of(plan, hooks);
    EXPECT_THAT(output, HasSubstr("Inappropriate ioctl"));
    EXPECT_THAT(output, HasSubstr("Seccomp:\t2"));
    EXPECT_THAT(output, HasSubstr("Seccomp_filters:\t1\n"));
    EXPECT_THAT(output, HasSubstr(cat("NoNewPrivs:\t", no_new_privileges ? 1 : 0)));
  }
}

// ---- hooks
// ----------------------------------------------------------------------------------------

plan::Hook shell_hook(const std::string& path, const std::string& script) {
  return {path, {"sh", "-c", script}, {}, {}, "/hooks/x/0"};
}

TEST_F(InitProcess, HooksRunInTheirPlaces) {
  plan::Plan plan = plan_for("cat /tmp/log");
  plan.root.readonly = false;
  auto& stages = plan.hooks;
  stages[static_cast<std::size_t>(HookStage::create_runtime)] = {{"/bin/true", {}, {}, {}, ""}};
  // The host's shell, the container's namespaces, the root not entered yet.
  stages[static_cast<std::size_t>(HookStage::create_container)] = {
      shell_hook("/bin/sh", cat("echo 2 createContainer $$ $(hostname) $PATH >> ",
                                root_.at("/tmp/log"), "; cat >> ", root_.at("/tmp/log")))};
  // The container's own shell.
  stages[static_cast<std::size_t>(HookStage::start_container)] = {
      shell_hook("/bin/sh", "echo 3 startContainer $HOME >> /tmp/log; cat >> /tmp/log")};
  Hooks hooks;
  hooks.host_hooks = [this](pid_t) {
    const sys::Fd log = sys::open_at(AT_FDCWD, root_.at("/tmp/log"), O_WRONLY | O_CREAT, 0644);
    sys::write_all(log.get(), "1 host\n");
  };
  const std::string output = output_of(plan, hooks);
  EXPECT_THAT(output, ContainsRegex("^1 host\n2 createContainer [0-9]+ .* "
                                    "/usr/sbin:/usr/bin:/sbin:/bin\n.*\"creating\".*\n"
                                    "3 startContainer /root-home\n.*\"created\""));
  EXPECT_THAT(output, HasSubstr("\"pid\":1"));
}

TEST_F(InitProcess, AFailedHookIsReported) {
  plan::Plan plan = plan_for("true");
  plan.hooks[static_cast<std::size_t>(HookStage::create_container)] = {
      shell_hook("/bin/sh", "echo sorry >&2; exit 7")};
  Outcome outcome = run_container(root_, plan);
  EXPECT_THAT(outcome.error, HasSubstr("7"));
  EXPECT_EQ(outcome.pointer, "/hooks/x/0");
  EXPECT_EQ(outcome.exit_code, -1);
  plan.hooks[static_cast<std::size_t>(HookStage::start_container)].swap(
      plan.hooks[static_cast<std::size_t>(HookStage::create_container)]);
  outcome = run_container(root_, plan);
  EXPECT_EQ(outcome.pointer, "/hooks/x/0");
  EXPECT_EQ(outcome.exit_code, 1) << "behind the gate";
}

// ---- terminal and stdio
// -----------------------------------------------------------------------------

TEST_F(InitProcess, TerminalOfTheContainersOwnDevpts) {
  plan::Plan plan = plan_for(
      "tty; stat -c '%F %t %u' /dev/console; echo hi > /dev/console; cat /proc/self/stat;"
      "stat -c %u $(tty); stty size");
  ASSERT_EQ(::symlink("busybox", root_.at("/bin/stty").c_str()), 0);
  plan.process.terminal = true;
  plan.process.console_rows = 33;
  plan.process.console_columns = 77;
  plan.process.identity.uid = 1000;
  sys::Fd master;
  Hooks hooks;
  hooks.console = [&master](sys::Fd fd) { master = std::move(fd); };
  const Outcome outcome = run_container(root_, plan, hooks);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.output, "") << "all goes to the terminal";
  ASSERT_TRUE(master);
  std::string text(4096, '\0');
  const ssize_t count = ::read(master.get(), text.data(), text.size());
  text.resize(count > 0 ? static_cast<std::size_t>(count) : 0);
  EXPECT_THAT(text, HasSubstr("/dev/pts/0\ncharacter special file 88 1000\nhi\n"));
  // Field 7: the controlling terminal is 136:0.
  EXPECT_THAT(text, ContainsRegex("\\([a-z]+\\) [A-Z] [0-9]+ [0-9]+ 1 34816 "));
  EXPECT_THAT(text, HasSubstr("\n1000\n33 77\n"));
}

TEST_F(InitProcess, ATerminalWithoutDevptsIsExplained) {
  plan::Plan plan = plan_for("true");
  plan.process.terminal = true;
  std::erase_if(plan.mounts, [](const plan::Mount& m) { return m.fs_type == "devpts"; });
  const Outcome outcome = run_container(root_, plan, {{}, [](sys::Fd) {}, {}});
  EXPECT_THAT(outcome.error, HasSubstr("a terminal needs a devpts on /dev/pts"));
  EXPECT_EQ(outcome.pointer, "/process/terminal");
}

TEST_F(InitProcess, AConsoleThatIsALinkIsRefused) {
  plan::Plan plan = plan_for("true");
  plan.process.terminal = true;
  plan.links.push_back({"/dev/console", "/etc/passwd"});
  const Outcome outcome = run_container(root_, plan, {{}, [](sys::Fd) {}, {}});
  EXPECT_THAT(outcome.error, HasSubstr("/dev/console is a symbolic link"));
}

TEST_F(InitProcess, PipesBelongToTheUserDevicesDoNot) {
  plan::Plan plan = plan_for(
      "stat -L -c %u /proc/self/fd/1; stat -L -c %u /proc/self/fd/0;"
      "echo again > /dev/stdout");
  plan.process.identity.uid = 1000;
  struct ::stat before {};
  ASSERT_EQ(::stat("/dev/null", &before), 0);
  EXPECT_EQ(output_of(plan), "1000\n0\nagain\n");
  struct ::stat after {};
  ASSERT_EQ(::stat("/dev/null", &after), 0);
  EXPECT_EQ(before.st_uid, after.st_uid);
}

// ---- identity
// ---------------------------------------------------------------------------------------

// Where fs.suid_dumpable is 1 a change of ids makes dumpable again, for the container's user to
// trace.
TEST_F(InitProcess, StaysUndumpableOverTheChangeOfIds) {
  plan::Plan plan = plan_for("true");
  plan.process.identity.uid = 1000;
  plan.process.cwd = "/";
  EXPECT_EQ(in_root(root_, plan,
                    [](InitContext& context) {
                      for (const InitStep& step : identity_steps()) {
                        if (step.when(context.plan)) step.run(context);
                        if (std::string_view(step.name) == "uid") sys::set_dumpable(true);
                      }
                      check(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 0, "dumpable");
                    }),
            "");
}

// ---- tuning
// ---------------------------------------------------------------------------------------

TEST_F(InitProcess, AffinityIsReset) {
  cpu_set_t before;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  if (CPU_COUNT(&before) < 2) GTEST_SKIP() << "needs two CPUs";
  cpu_set_t one;
  CPU_ZERO(&one);
  CPU_SET(0, &one);
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  const std::string output = output_of(plan_for("grep Cpus_allowed_list /proc/self/status"));
  ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
  EXPECT_EQ(output.find("\t0\n"), std::string::npos) << output;
}

TEST_F(InitProcess, SchedulerIoPriorityPersonality) {
  plan::Plan plan = plan_for(
      "cat /proc/self/sched | grep policy; ionice -p 1;"
      "cat /proc/self/personality; cat /proc/self/stat");
  ASSERT_EQ(::symlink("busybox", root_.at("/bin/ionice").c_str()), 0);
  plan.process.scheduler = plan::Scheduler{.policy = SCHED_BATCH, .nice = 5};
  plan.process.io_priority = plan::IoPriority{2, 6};
  plan.process.personality = 0x0008;
  const std::string output = output_of(plan);
  EXPECT_THAT(output, HasSubstr("best-effort: prio 6"));
  EXPECT_THAT(output, HasSubstr("00000008\n"));
  // Fields 18 and 19: priority and nice.
  EXPECT_THAT(output, ContainsRegex(" 25 5 1 0 [0-9]+ "));
}

TEST_F(InitProcess, MemoryPolicy) {
  if (::access("/proc/self/numa_maps", F_OK) != 0) GTEST_SKIP() << "this kernel has no NUMA";
  plan::Plan plan = plan_for("head -n 1 /proc/self/numa_maps");
  plan.process.memory_policy = plan::MemoryPolicy{2 /* MPOL_BIND */, {0}};
  EXPECT_THAT(output_of(plan), HasSubstr("bind:0"));
}

// ---- root file system, as a whole
// -----------------------------------------------------------------

TEST_F(InitProcess, ReadOnlyTmpfsIsFurnishedFirst) {
  plan::Plan plan = plan_for("test -c /dev/null && grep ' /dev ' /proc/self/mountinfo");
  plan.mounts[1].attributes.set |= attribute::rdonly;
  plan.mounts[1].readonly_last = true;
  EXPECT_THAT(output_of(plan), HasSubstr(" /dev ro,nosuid"));
}

TEST_F(InitProcess, RootPropagation) {
  plan::Plan plan = plan_for("head -n 1 /proc/self/mountinfo");
  plan.root.propagation = PropagationChange{Propagation::shared, false};
  EXPECT_THAT(output_of(plan), HasSubstr(" shared:"));
}

TEST_F(InitProcess, WithoutPivotTheHostsProcIsOutOfReach) {
  plan::Plan plan =
      plan_for("grep ' - proc ' /proc/self/mountinfo | grep -c -v ' /proc'; pwd; ls /etc");
  plan.root.no_pivot = true;
  EXPECT_EQ(output_of(plan), "0\n/\npasswd\n") << "no proc but the container's own";
}

TEST_F(InitProcess, WithoutMountNamespaceTheRootIsChrooted) {
  plan::Plan plan = plan_for("ls /etc");
  std::erase_if(plan.namespaces,
                [](const plan::Namespace& ns) { return ns.type == NamespaceType::mount; });
  // Its mounts are made where the caller is.
  in_child(CLONE_NEWNS, [&] { EXPECT_EQ(output_of(plan), "passwd\n"); });
}

/// Starts `plan` in a mount namespace where all is shared; 0 if its mount table stays the same.
int start_where_all_is_shared(const BusyboxRoot& root, const plan::Plan& plan) {
  const pid_t child = ::fork();
  if (child == 0) {
    const bool shared = ::unshare(CLONE_NEWNS) == 0 &&
                        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
                        ::mount(nullptr, "/", nullptr, MS_REC | MS_SHARED, nullptr) == 0;
    const std::string before = sys::read_file_at(AT_FDCWD, "/proc/self/mountinfo");
    const Outcome outcome = run_container(root, plan);
    const std::string after = sys::read_file_at(AT_FDCWD, "/proc/self/mountinfo");
    ::_exit(!shared ? 2 : !outcome.error.empty() ? 3 : before != after ? 4 : 0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST_F(InitProcess, NothingTravelsToAHostThatShares) {
  plan::Plan plan = plan_for("true");
  EXPECT_EQ(start_where_all_is_shared(root_, plan), 0);
  // rootfsPropagation shared: the container's later mounts are meant, not those of its making.
  plan.root.parent_propagation = {Propagation::shared, true};
  plan.root.propagation = PropagationChange{Propagation::shared, false};
  EXPECT_EQ(start_where_all_is_shared(root_, plan), 0);
}

}  // namespace
}  // namespace asylum::process
