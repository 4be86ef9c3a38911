// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/main/explain_death.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "runtime/base/text.h"
#include "runtime/process/both/start_gate.h"
#include "runtime/sys/file.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/process/pidfd_info.h"
#include "runtime/sys/process/proc_text.h"
#include "runtime/sys/procfs.h"

namespace asylum::process {
namespace {

// Fields of /proc/PID/stat, counted from the one after the comm's parenthesis. Source:
// proc_pid_stat(5).
constexpr std::size_t kFlags = 9 - 3;
constexpr std::size_t kStartCode = 26 - 3;
constexpr std::size_t kPendingSignals = 31 - 3;
constexpr std::size_t kExitCode = 52 - 3;
constexpr std::uint64_t kExiting = 0x4;  // PF_EXITING, as old as kDumpedCore
constexpr std::uint64_t kKillSignal = 1U << (SIGKILL - 1);
constexpr std::uint64_t kDumpedCore =
    0x200;  // PF_DUMPCORE, linux/sched.h; its value is the same since 2.6

// The end of a child of ours, which stays reapable; nothing if it is not ours or lives.
std::optional<sys::WaitResult> try_wait(int pidfd) {
  try {
    return sys::wait_pidfd(pidfd, WNOHANG | WNOWAIT);
  } catch (const Error&) {
    return std::nullopt;  // ECHILD: `start` is not the parent of what `create` made
  }
}

std::optional<ExecTrace> try_read_trace(const sys::Procfs& procfs, pid_t pid) {
  const auto stat = procfs.try_read(cat(pid, "/stat"));
  return stat ? parse_exec_trace(*stat) : std::nullopt;
}

// /proc/PID/stat anew through an open descriptor; nothing when the process has been reaped (ESRCH).
std::optional<ExecTrace> try_read_again(int stat) {
  char text[1024];
  const ssize_t size = ::pread(stat, text, sizeof text, 0);
  if (size <= 0) return std::nullopt;
  return parse_exec_trace({text, static_cast<std::size_t>(size)});
}

// The kernel has no event for "mapped", which is some 50 us away: at first a poll(2), whose clock
// is of milliseconds, would cost more than all the rest of `start`.
void give_way(int pidfd, int round) {
  constexpr int kYields = 100;
  if (round < kYields) {
    ::sched_yield();
  } else {
    (void)sys::wait_for(pidfd, POLLIN, sys::Deadline::after_ms(1));
  }
}

// A zombie's exit code is in its stat for whoever could trace it.
std::optional<sys::WaitResult> try_read_zombie(pid_t pid) {
  const auto trace = try_read_trace(sys::Procfs::open_host(), pid);
  if (!trace || !trace->is_dead) return std::nullopt;
  return sys::decode_status(pid, trace->exit_status);
}

// SIGSYS: a seccomp filter kills at execve. No evidence on kernels before 6.15, nor of a process
// that is hidden from us.
bool was_reaped_after_execve_death(int pidfd) {
  const auto end = sys::try_reaped_end(pidfd);
  return end && (end->signal == SIGSEGV || end->signal == SIGSYS) && !end->core;
}

bool has_run_out_of_memory(int cgroup) {
  if (cgroup < 0) return false;
  const auto events = sys::try_read_file_at(cgroup, "memory.events");
  return events && sys::flat_keyed_value(*events, "oom_kill").value_or(0) > 0;
}

}  // namespace

Error explain(const Death& death, ErrorKind kind, std::string_view stage,
              const std::optional<FilterBlame>& blame) {
  if (!death.status) return {kind, cat("the container's init process ended ", stage)};
  const std::string what =
      cat("the container's init process ended ", stage, ": ", sys::describe(*death.status));
  const int signal = death.status->exited ? 0 : death.status->signal;
  if (signal == SIGKILL && death.out_of_memory) {
    return Error(kind, cat(what, " for want of memory"))
        .at("/linux/resources/memory/limit")
        .with_hint("raise the memory limit: the kernel's OOM killer ended init");
  }
  if (blame) {
    return Error(kind, cat(what, ": the seccomp filter ", blame->answer, " the system call ",
                           blame->call, ", which init must make"))
        .at(blame->pointer);
  }
  if (signal == SIGSYS) {
    return Error(kind, cat(what, ", a system call that the seccomp filter forbids"))
        .at("/linux/seccomp")
        .with_hint("allow read, write, execve, exit_group and what the dynamic loader calls");
  }
  if (signal == SIGSEGV && kind == ErrorKind::exec_failed) {
    return Error(kind, what)
        .at("/process/args")
        .with_hint(
            "the kernel could not map the program: is the executable whole and for this machine?");
  }
  return {kind, what};
}

Death examine_death(pid_t pid, int pidfd, int cgroup, const sys::Deadline& deadline) {
  Death death;
  if (!sys::wait_for(pidfd, POLLIN, deadline)) return death;
  death.status = try_wait(pidfd);
  if (!death.status) death.status = try_read_zombie(pid);
  if (!death.status) death.status = sys::try_reaped_end(pidfd);
  death.out_of_memory = has_run_out_of_memory(cgroup);
  return death;
}

std::optional<ExecTrace> parse_exec_trace(std::string_view stat) {
  const std::size_t open = stat.find('(');
  const std::size_t close = stat.rfind(')');
  if (open == std::string_view::npos || close == std::string_view::npos || close < open)
    return std::nullopt;
  const auto fields = split(trim(stat.substr(close + 1)), ' ');
  if (fields.size() <= kStartCode) return std::nullopt;
  const auto number = [&fields](std::size_t field) {
    return field < fields.size() ? parse_u64(fields[field]).value_or(0) : 0;
  };
  ExecTrace trace;
  trace.comm = stat.substr(open + 1, close - open - 1);
  trace.is_dead = fields[0] == "Z" || fields[0] == "X";
  trace.is_mapped = number(kStartCode) != 0;
  trace.is_ending = trace.is_dead || (number(kFlags) & kExiting) != 0 ||
                    (number(kPendingSignals) & kKillSignal) != 0;
  trace.dumped_core = (number(kFlags) & kDumpedCore) != 0;
  trace.exit_status = static_cast<int>(number(kExitCode) & 0xffff);
  return trace;
}

bool is_ending(pid_t pid, int pidfd) {
  if (sys::wait_for(pidfd, POLLIN, sys::Deadline::after_ms(0))) return true;
  // Not yet reapable, so the pid is still its own.
  const auto trace = try_read_trace(sys::Procfs::open_host(), pid);
  return !trace || trace->is_ending;
}

bool died_in_execve(pid_t pid, int pidfd) {
  const auto stat = sys::Procfs::open_host().try_open(cat(pid, "/stat"), O_RDONLY);
  if (!stat) return was_reaped_after_execve_death(pidfd);
  // A file system may take its time to read a program's headers, but not for ever.
  const auto deadline = sys::Deadline::patience();
  int rounds = 0;
  do {
    const auto trace = try_read_again(stat->get());
    if (!trace) return was_reaped_after_execve_death(pidfd);
    if (trace->is_dead) {
      // Killed before it got the program's name; or by the kernel itself, which then finds no
      // binary format to dump a core for. A program that ran and crashed has one, whatever
      // RLIMIT_CORE says.
      return trace->comm == kInitName ||
             (WTERMSIG(trace->exit_status) == SIGSEGV && !trace->dumped_core);
    }
    if (trace->is_mapped) return false;
    give_way(pidfd, rounds++);
  } while (!deadline.passed());
  return false;
}

}  // namespace asylum::process
