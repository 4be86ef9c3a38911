// SPDX-License-Identifier: Apache-2.0
// Turns the silence of a dead init into a sentence: exit code, signal, seccomp, memory limit.
// Runs in: main, start.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/process/both/filter_blame.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {

/// What is known of a death. Nothing, if somebody else reaped it and the kernel does
/// not keep it (before 6.15).
struct Death {
  std::optional<sys::WaitResult> status;
  bool out_of_memory = false;  // its cgroup's memory.events counts an oom_kill
};

/// `stage` completes the sentence "init died ...": "while it set the container up". `blame`: the
/// system call and the rule, where the seccomp filter is known to have a part in it. Pure.
Error explain(const Death& death, ErrorKind kind, std::string_view stage,
              const std::optional<FilterBlame>& blame = std::nullopt);

/// Waits until the deadline for the end of the process and collects what can be known, leaving it
/// unreaped. `cgroup`: a cgroup2 directory, or -1.
Death examine_death(pid_t pid, int pidfd, int cgroup, const sys::Deadline& deadline);

/// What /proc/PID/stat says beyond sys::parse_stat. Pure.
struct ExecTrace {
  std::string comm;
  bool is_dead = false;
  bool is_mapped = false;    // a program's text is mapped (start_code)
  bool is_ending = false;    // killed, or at its exit: it may wait there for others to be reaped
  bool dumped_core = false;  // PF_DUMPCORE: it got far enough to have a binary format
  int exit_status = 0;       // of a zombie, as wait(2) gives it; 0 = none, or not for us to see
};
std::optional<ExecTrace> parse_exec_trace(std::string_view stat);

/// Whether execve, past its point of no return, killed the process (an ELF that cannot be mapped).
/// To be asked after the gate's end of file: the kernel closes close-on-exec files before it maps
/// the program. Of one that somebody has reaped already, a SIGSEGV or SIGSYS without a core dump is
/// taken for
/// it: a program that crashed before `start` could look at all has not started either.
bool died_in_execve(pid_t pid, int pidfd);

/// Whether the process has ended or is about to: the first process of a pid namespace has got its
/// SIGKILL long before it is a zombie, which it becomes only when all others there have been
/// reaped. `pidfd` is its.
bool is_ending(pid_t pid, int pidfd);

}  // namespace asylum::process
