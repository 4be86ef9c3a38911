// SPDX-License-Identifier: Apache-2.0
// A command with all that it will ever clone, traced from its first instruction on.
//
// Before the kernel's header, which defines what glibc's does not.
#pragma once

#include <sys/ptrace.h>

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <optional>

inline constexpr long kTraceOptions = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE |
                                      PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK |
                                      PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;

/// Stops at every system call if resumed by PTRACE_SYSCALL; ends with its tracer. Nothing if it
/// cannot be started or traced.
inline std::optional<pid_t> start_traced(char** command) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::raise(SIGSTOP);
    ::execvp(command[0], command);
    ::_exit(127);
  }
  int status = 0;
  if (pid < 0 || ::waitpid(pid, &status, WUNTRACED) != pid) return std::nullopt;
  if (::ptrace(PTRACE_SEIZE, pid, 0, kTraceOptions) != 0) return std::nullopt;
  ::kill(pid, SIGCONT);
  return pid;
}
