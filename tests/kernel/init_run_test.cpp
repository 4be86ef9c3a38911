// SPDX-License-Identifier: Apache-2.0
// Whole starts: launch, the table, the gate, execve; what the program then finds around it.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/sys/file.h"
#include "tests/kernel/init_support.h"

namespace asylum::process {
namespace {

using ::testing::ContainsRegex;
using ::testing::HasSubstr;

class InitRun : public ::testing::Test {
 protected:
  void SetUp() override {
    REQUIRE_ROOT();
    if (!has_static_busybox()) GTEST_SKIP() << "needs busybox-static";
  }
  /// Output of a script under the default plan as `change` leaves it; fails the test on an Error.
  std::string output_of(const std::string& script,
                        const std::function<void(plan::Plan&)>& change = {}) {
    const BusyboxRoot root;
    plan::Plan plan = default_plan(root, script);
    if (change) change(plan);
    const Outcome outcome = run_container(root, plan);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    return outcome.output;
  }
  Outcome outcome_of(const std::function<void(plan::Plan&, const BusyboxRoot&)>& change) {
    const BusyboxRoot root;
    plan::Plan plan = default_plan(root, "true");
    change(plan, root);
    return run_container(root, plan);
  }
};

TEST_F(InitRun, RunsTheProgramAndItsCodeComesBack) {
  const BusyboxRoot root;
  const Outcome outcome = run_container(root, default_plan(root, "echo hello; exit 3"));
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.output, "hello\n");
  EXPECT_EQ(outcome.exit_code, 3);
}

TEST_F(InitRun, NamespacesAndNames) {
  EXPECT_EQ(output_of("hostname; echo $$; echo $HOME"), "asylum\n1\n/root-home\n");
  EXPECT_THAT(output_of("cat /proc/sys/kernel/domainname",
                        [](plan::Plan& p) { p.domainname = "nis.example"; }),
              HasSubstr("nis.example"));
}

TEST_F(InitRun, LoopbackIsUp) {
  // Bit 0 of the flags is IFF_UP.
  EXPECT_EQ(output_of("cat /sys/class/net/lo/flags"), "0x9\n");
}

TEST_F(InitRun, SessionLeaderInItsOwnSession) {
  // Fields 5 and 6 of /proc/1/stat: process group and session.
  EXPECT_THAT(output_of("cat /proc/1/stat"), ContainsRegex("^1 \\([a-z]+\\) . 0 1 1 "));
}

TEST_F(InitRun, SessionKeyring) {
  const auto with_keyring = [](plan::Plan& p) {
    p.masked_paths.clear();
    p.session_keyring = "_ses.init-test";
  };
  EXPECT_THAT(output_of("cat /proc/keys", with_keyring), HasSubstr("_ses.init-test"));
}

TEST_F(InitRun, CapabilitiesAndNoNewPrivs) {
  const std::string status = output_of("cat /proc/self/status");
  EXPECT_THAT(status, HasSubstr("CapInh:\t0000000000000000"));
  EXPECT_THAT(status, HasSubstr("CapPrm:\t0000000020000420"));
  EXPECT_THAT(status, HasSubstr("CapEff:\t0000000020000420"));
  EXPECT_THAT(status, HasSubstr("CapBnd:\t0000000020000420"));
  EXPECT_THAT(status, HasSubstr("CapAmb:\t0000000000000000"));
  EXPECT_THAT(status, HasSubstr("NoNewPrivs:\t1"));
}

TEST_F(InitRun, UserGroupsAndAmbientCapabilities) {
  const std::string status = output_of("cat /proc/self/status; umask; echo $HOME", [](auto& p) {
    plan::Identity& who = p.process.identity;
    who.uid = 1000;
    who.gid = 2000;
    who.additional_gids = {5, 7};
    who.capabilities.inheritable = who.capabilities.ambient = 1U << 10;
    p.process.umask = 027;
  });
  EXPECT_THAT(status, HasSubstr("Uid:\t1000\t1000\t1000\t1000"));
  EXPECT_THAT(status, HasSubstr("Gid:\t2000\t2000\t2000\t2000"));
  EXPECT_THAT(status, HasSubstr("Groups:\t5 7"));
  EXPECT_THAT(status, HasSubstr("CapAmb:\t0000000000000400"));
  EXPECT_THAT(status, HasSubstr("CapEff:\t0000000000000400"));
  EXPECT_THAT(status, HasSubstr("0027\n/home\n"));
}

TEST_F(InitRun, SignalsAreDefaultAndUnblocked) {
  // Whatever the caller ignores or blocks: nohup, a shell's background jobs.
  const auto before = ::signal(SIGUSR1, SIG_IGN);
  sigset_t blocked;
  sigset_t mask;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGUSR2);
  ::sigprocmask(SIG_BLOCK, &blocked, &mask);
  // Not by a shell, which ignores signals of its own.
  const std::string status = output_of("", [](plan::Plan& p) {
    p.process.args = {"cat", "/proc/self/status"};
  });
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
  ::signal(SIGUSR1, before);
  EXPECT_THAT(status, HasSubstr("SigBlk:\t0000000000000000"));
  EXPECT_THAT(status, HasSubstr("SigIgn:\t0000000000000000"));
}

TEST_F(InitRun, OnlyStdioIsOpen) {
  // ls itself has the directory open as 3.
  EXPECT_EQ(output_of("exec ls /proc/self/fd"), "0\n1\n2\n3\n");
}

TEST_F(InitRun, PreservedDescriptorsStayOpen) {
  sys::Pipe pipe = sys::make_pipe();  // takes 3 if that is free, so that nothing below does
  sys::write_all(pipe.write_end.get(), "preserved\n");
  pipe.write_end.reset();
  const BusyboxRoot root;
  plan::Plan plan = default_plan(root, "cat <&3");
  plan.process.preserved_fds = 1;
  ASSERT_EQ(pipe.read_end.get(), 3);
  sys::set_close_on_exec(3, false);  // as what a caller has passed
  const Outcome outcome = run_container(root, plan);
  EXPECT_EQ(outcome.output, "preserved\n");
}

// CVE-2024-21626: should one of our own have such a number after all, it ends with execve.
TEST_F(InitRun, ADescriptorOfOursIsNeverHandedDown) {
  sys::Pipe pipe = sys::make_pipe();
  sys::write_all(pipe.write_end.get(), "ours\n");
  pipe.write_end.reset();
  const BusyboxRoot root;
  plan::Plan plan = default_plan(root, "ls /proc/$$/fd; true");  // `true`: the shell lives on
  plan.process.preserved_fds = 1;
  ASSERT_EQ(pipe.read_end.get(), 3);
  EXPECT_EQ(run_container(root, plan).output.find("3\n"), std::string::npos);
}

TEST_F(InitRun, Limits) {
  EXPECT_EQ(output_of("ulimit -Sn; ulimit -Hn"), "1024\n1024\n");
}

TEST_F(InitRun, RootIsReadOnlyUnlessTheConfigSaysOtherwise) {
  EXPECT_EQ(output_of("touch /x 2>/dev/null || echo readonly"), "readonly\n");
  EXPECT_EQ(output_of("touch /x && echo written", [](plan::Plan& p) { p.root.readonly = false; }),
            "written\n");
}

TEST_F(InitRun, DevicesLinksAndModes) {
  EXPECT_EQ(output_of("stat -c '%F %t %T %a %u:%g' /dev/null /dev/full; readlink /dev/fd;"
                      "readlink /dev/ptmx",
                      [](plan::Plan& p) {
                        p.devices[2].mode = 0640;
                        p.devices[2].gid = 6;
                      }),
            "character special file 1 3 666 0:0\ncharacter special file 1 7 640 0:6\n"
            "/proc/self/fd\npts/ptmx\n");
}

TEST_F(InitRun, MasksAndReadOnlyPaths) {
  EXPECT_EQ(output_of("ls /sys/firmware | wc -l; stat -c '%F %t %T' /proc/keys;"
                      "stat -f -c %T /sys/firmware"),
            "0\ncharacter special file 1 3\ntmpfs\n");
  EXPECT_EQ(output_of("(echo 1 > /proc/sys/net/ipv4/ip_forward) 2>&1 || :"),
            "sh: can't create /proc/sys/net/ipv4/ip_forward: Read-only file system\n");
  EXPECT_EQ(output_of("mkdir /sys/firmware/x 2>/dev/null || echo refused"), "refused\n");
}

TEST_F(InitRun, SysctlsAreWrittenBeforeTheirFilesBecomeReadOnly) {
  EXPECT_EQ(output_of("cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmni",
                      [](plan::Plan& p) {
                        p.sysctls = {{"net.ipv4.ip_forward", "1", "/linux/sysctl/x"},
                                     {"kernel/shmmni", "1234", "/linux/sysctl/y"}};
                      }),
            "1\n1234\n");
}

TEST_F(InitRun, TheHostsMountTreeIsGone) {
  // The old root is detached: the only mount with "/" as its place is ours, and it is the first.
  const std::string mounts = output_of(
      "grep -c ' / / ' /proc/self/mountinfo || :;"
      "head -n 1 /proc/self/mountinfo");
  EXPECT_THAT(mounts, ContainsRegex("^0\n[0-9]+ [0-9]+ [0-9:]+ [^ ]*/rootfs / ro"));
}

TEST_F(InitRun, WorkingDirectoryIsMade) {
  EXPECT_EQ(output_of("pwd", [](plan::Plan& p) { p.process.cwd = "/srv/deep"; }), "/srv/deep\n");
}

TEST_F(InitRun, WorkingDirectoryOutsideOfTheRootIsRefused) {
  // CVE-2024-21626: a directory of the host, open by accident.
  const sys::Fd host = sys::open_at(AT_FDCWD, "/", O_RDONLY | O_DIRECTORY);
  ASSERT_EQ(::fcntl(host.get(), F_SETFD, 0), 0);
  for (const int fd : {host.get()}) {
    const Outcome outcome = outcome_of(
        [fd](plan::Plan& p, const BusyboxRoot&) { p.process.cwd = cat("/proc/self/fd/", fd); });
    EXPECT_NE(outcome.error, "");
    EXPECT_EQ(outcome.exit_code, -1);
  }
}

TEST_F(InitRun, TimeNamespaceWithOffsets) {
  if (!has_time_namespaces()) GTEST_SKIP() << "this kernel has no time namespaces";
  const std::string uptime =
      output_of("cat /proc/uptime; cat /proc/self/timens_offsets", [](plan::Plan& p) {
        p.namespaces.push_back({NamespaceType::time, "", ""});
        p.time_offsets = {{"monotonic", 864000, 0, ""}, {"boottime", 864000, 5, ""}};
      });
  EXPECT_THAT(uptime, ContainsRegex("monotonic +864000 +0"));
  EXPECT_THAT(uptime, ContainsRegex("boottime +864000 +5"));
  EXPECT_THAT(uptime, ContainsRegex("^8[6-9][0-9]{4}\\."));
}

// ---- programs that cannot be executed
// -------------------------------------------------------------

TEST_F(InitRun, MissingProgramFailsBeforeTheGate) {
  Outcome outcome = outcome_of([](auto& p, auto&) { p.process.args = {"nosuch"}; });
  EXPECT_THAT(outcome.error, HasSubstr("exec: \"nosuch\": executable file not found in $PATH"));
  EXPECT_THAT(outcome.error, HasSubstr("no such file or directory"));
  EXPECT_EQ(outcome.pointer, "/process/args/0");
  EXPECT_EQ(outcome.exit_code, -1) << "never committed";
  outcome = outcome_of([](auto& p, auto&) { p.process.args = {"/no/such"}; });
  EXPECT_THAT(outcome.error,
              HasSubstr("exec: \"/no/such\": stat /no/such: no such file or directory"));
  outcome = outcome_of([](auto& p, auto&) { p.process.args = {"/etc"}; });
  EXPECT_THAT(outcome.error, HasSubstr("exec: \"/etc\": is a directory"));
  outcome = outcome_of([](auto& p, auto&) { p.process.args = {"/etc/passwd"}; });
  EXPECT_THAT(outcome.error, HasSubstr("exec: \"/etc/passwd\": permission denied"));
  outcome = outcome_of([](auto& p, auto&) { p.process.args = {""}; });
  EXPECT_THAT(outcome.error, HasSubstr("exec: \"\": executable file not found in $PATH"));
}

TEST_F(InitRun, MissingInterpreterIsNamed) {
  const Outcome outcome = outcome_of([](plan::Plan& p, const BusyboxRoot& root) {
    const sys::Fd file =
        sys::open_at(AT_FDCWD, root.at("/run.sh"), O_WRONLY | O_CREAT | O_EXCL, 0755);
    sys::write_all(file.get(), "#!/no/shell -x\necho\n");
    p.process.args = {"/run.sh"};
  });
  EXPECT_THAT(outcome.error, HasSubstr("exec /run.sh: no such file or directory"));
  EXPECT_THAT(outcome.hint, HasSubstr("\"/no/shell\""));
}

TEST_F(InitRun, WordsWithoutFormatAreExplained) {
  const Outcome outcome = outcome_of([](plan::Plan& p, const BusyboxRoot& root) {
    const sys::Fd file = sys::open_at(AT_FDCWD, root.at("/run"), O_WRONLY | O_CREAT | O_EXCL, 0755);
    sys::write_all(file.get(), "echo no interpreter line\n");
    p.process.args = {"/run"};
  });
  EXPECT_THAT(outcome.error, HasSubstr("exec /run: exec format error"));
  EXPECT_THAT(outcome.hint, HasSubstr("#!"));
}

}  // namespace
}  // namespace asylum::process
