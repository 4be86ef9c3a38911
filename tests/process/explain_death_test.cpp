// SPDX-License-Identifier: Apache-2.0
// A dead init's silence becomes a sentence.
#include "runtime/process/main/explain_death.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>

#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/process/pidfd_info.h"

namespace asylum::process {
namespace {

sys::WaitResult killed_by(int signal) {
  sys::WaitResult result;
  result.signal = signal;
  return result;
}

sys::WaitResult exited_with(int code) {
  sys::WaitResult result;
  result.exited = true;
  result.code = code;
  return result;
}

TEST(ExplainDeath, NamesSignalAndExitCode) {
  const Error killed = explain({killed_by(SIGTERM), false}, ErrorKind::os, "at the start gate");
  EXPECT_NE(sentence_of(killed).find("ended at the start gate: killed by SIGTERM"),
            std::string::npos)
      << sentence_of(killed);
  const Error exited = explain({exited_with(3), false}, ErrorKind::os, "at the start gate");
  EXPECT_NE(sentence_of(exited).find("exit status 3"), std::string::npos) << sentence_of(exited);
}

TEST(ExplainDeath, ASilentOneIsStillASentence) {
  EXPECT_EQ(explain({}, ErrorKind::os, "at the start gate").detail,
            "the container's init process ended at the start gate");
}

TEST(ExplainDeath, MemoryLimitAndSeccompPointIntoTheConfig) {
  const Error memory = explain({killed_by(SIGKILL), true}, ErrorKind::os, "in setup");
  EXPECT_EQ(memory.pointer, "/linux/resources/memory/limit");
  EXPECT_FALSE(memory.hint.empty());
  EXPECT_EQ(explain({killed_by(SIGKILL), false}, ErrorKind::os, "in setup").pointer, "");
  EXPECT_EQ(explain({killed_by(SIGSYS), false}, ErrorKind::os, "in setup").pointer,
            "/linux/seccomp");
}

/// A child that does as told, and is reaped at the end.
class Victim {
 public:
  template <typename Act>
  explicit Victim(Act act) : pid_(::fork()) {
    if (pid_ == 0) {
      act();
      ::_exit(0);
    }
    pidfd_ = sys::open_pidfd(pid_);
  }
  ~Victim() { (void)sys::wait_pidfd(pidfd_.get()); }
  pid_t pid() const { return pid_; }
  int pidfd() const { return pidfd_.get(); }

 private:
  pid_t pid_;
  sys::Fd pidfd_;
};

TEST(ExamineDeath, LeavesTheChildUnreaped) {
  Victim victim([] { ::_exit(7); });
  const Death death =
      examine_death(victim.pid(), victim.pidfd(), -1, sys::Deadline::after_ms(5000));
  ASSERT_TRUE(death.status);
  EXPECT_EQ(death.status->code, 7);
  EXPECT_FALSE(death.out_of_memory);
}  // the destructor would throw if it were gone

// The descriptor of a process that its parent has reaped.
sys::Fd reaped_after(int signal) {
  Victim victim([signal] {
    ::signal(signal, SIG_DFL);  // the sanitizers handle SIGSEGV
    ::raise(signal);
  });
  return sys::open_pidfd(victim.pid());
}

TEST(ExamineDeath, KnowsTheEndOfWhatSomebodyElseReaped) {
  const sys::Fd pidfd = reaped_after(SIGKILL);
  if (!sys::try_reaped_end(pidfd.get())) GTEST_SKIP() << "the kernel is older than 6.15";
  const Death death = examine_death(1 << 30, pidfd.get(), -1, sys::Deadline::after_ms(5000));
  ASSERT_TRUE(death.status);
  EXPECT_EQ(death.status->signal, SIGKILL);
}

TEST(DiedInExecve, JudgesWhatSomebodyElseReapedByItsSignal) {
  const sys::Fd crashed = reaped_after(SIGSEGV);
  if (!sys::try_reaped_end(crashed.get())) GTEST_SKIP() << "the kernel is older than 6.15";
  EXPECT_TRUE(died_in_execve(1 << 30, crashed.get()));
  EXPECT_TRUE(died_in_execve(1 << 30, reaped_after(SIGSYS).get()));
  EXPECT_FALSE(died_in_execve(1 << 30, reaped_after(SIGTERM).get()));
}

TEST(ExamineDeath, ALivingProcessIsNotExplained) {
  Victim victim([] { ::pause(); });
  EXPECT_FALSE(examine_death(victim.pid(), victim.pidfd(), -1, sys::Deadline::after_ms(10)).status);
  ::kill(victim.pid(), SIGKILL);
}

TEST(ExamineDeath, CountsOomKillsOfTheCgroup) {
  char directory[] = "/tmp/asylum-test-XXXXXX";
  ASSERT_NE(::mkdtemp(directory), nullptr);
  const sys::Fd cgroup = sys::open_at(AT_FDCWD, directory, O_RDONLY | O_DIRECTORY);
  const auto oom = [&](const char* events) {
    sys::replace_file_at(cgroup.get(), "memory.events", events, 0600);
    Victim victim([] { ::_exit(0); });
    return examine_death(victim.pid(), victim.pidfd(), cgroup.get(), sys::Deadline::after_ms(5000))
        .out_of_memory;
  };
  EXPECT_TRUE(oom("low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\n"));
  EXPECT_FALSE(oom("low 0\nhigh 0\nmax 9\noom 1\noom_kill 0\n"));
  EXPECT_FALSE(oom(""));
  sys::remove_at(cgroup.get(), "memory.events");
  ::rmdir(directory);
}

std::string stat_line(const std::string& comm, char state, unsigned flags, unsigned start_code,
                      unsigned exit_code) {
  std::string line = cat("42 (", comm, ") ", state, " 1 2 3 4 5 ", flags);  // up to field 9
  for (int field = 10; field < 26; ++field) line += " 0";
  line += cat(" ", start_code);
  for (int field = 27; field < 52; ++field) line += " 0";
  return line + cat(" ", exit_code, "\n");
}

TEST(ExecTrace, ReadsTheStatLine) {
  const auto trace = parse_exec_trace(stat_line("a) Z (b", 'Z', 0x40860c, 0, SIGSEGV));
  ASSERT_TRUE(trace);
  EXPECT_EQ(trace->comm, "a) Z (b");
  EXPECT_TRUE(trace->is_dead);
  EXPECT_FALSE(trace->is_mapped);
  EXPECT_TRUE(trace->dumped_core);
  EXPECT_EQ(trace->exit_status, SIGSEGV);
  const auto alive = parse_exec_trace(stat_line("x", 'R', 0x400000, 4096, 0));
  EXPECT_FALSE(alive->is_dead);
  EXPECT_TRUE(alive->is_mapped);
  EXPECT_FALSE(alive->dumped_core);
  EXPECT_EQ(parse_exec_trace(stat_line("x", 'Z', 0, 0, 3 << 8))->exit_status, 3 << 8);
}

TEST(ExecTrace, KnowsWhoIsEnding) {
  constexpr unsigned kExiting = 0x4;
  EXPECT_TRUE(parse_exec_trace(stat_line("x", 'S', kExiting, 1, 0))->is_ending);
  EXPECT_TRUE(parse_exec_trace(stat_line("x", 'Z', 0, 1, 0))->is_ending);
  EXPECT_FALSE(parse_exec_trace(stat_line("x", 'S', 0, 1, 0))->is_ending);
  std::string killed = cat("42 (x) R", " 1 2 3 4 5 0");
  for (int field = 10; field < 31; ++field) killed += " 0";
  EXPECT_TRUE(parse_exec_trace(killed + " 256 0 0")->is_ending);     // SIGKILL is pending
  EXPECT_FALSE(parse_exec_trace(killed + " 16384 0 0")->is_ending);  // SIGTERM
}

TEST(IsEnding, AsksTheKernel) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  const sys::Fd pidfd = sys::open_pidfd(child);
  EXPECT_FALSE(is_ending(child, pidfd.get()));
  ::kill(child, SIGKILL);
  EXPECT_TRUE(is_ending(child, pidfd.get()));
  (void)sys::wait_pidfd(pidfd.get());
  EXPECT_TRUE(is_ending(child, pidfd.get()));
}

TEST(ExecTrace, RefusesWhatIsNone) {
  for (const char* text : {"", "42", "42 (x", "42 (x)", "42 (x) Z 1 2"}) {
    EXPECT_FALSE(parse_exec_trace(text)) << text;
  }
}

}  // namespace
}  // namespace asylum::process
