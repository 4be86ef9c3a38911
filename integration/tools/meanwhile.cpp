// SPDX-License-Identifier: Apache-2.0
// meanwhile CALL SCRIPT COMMAND…: runs a command, and a shell script while one of its processes is
// about to make that system call, so that a race which is lost once in a thousand times is lost
// every time. The script runs at each such call until it succeeds, with the pid in $CALLER, and
// never again. Ends with the command's code; 97 if the script never succeeded, 99 for wrong
// arguments.
//
// Before the kernel's header, which defines what glibc's does not.
#include <sys/ptrace.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>
#include <string>

#include "integration/tools/traced.h"

namespace {

struct Call {
  const char* name;
  unsigned long number;
};
constexpr Call kCalls[] = {
    {"umount2", SYS_umount2}, {"fchownat", SYS_fchownat}, {"setns", SYS_setns}};

[[noreturn]] void give_up(const char* what) {
  ::fprintf(stderr, "meanwhile: %s\n", what);
  ::_exit(97);
}

class Meanwhile {
 public:
  Meanwhile(unsigned long call, const char* script) : call_(call), script_(script) {}

  /// The wait status of `main`; whatever outlives it is no longer traced.
  int follow(pid_t main) {
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, __WALL)) > 0;) {
      if (WIFSTOPPED(status)) {
        stopped(pid, WSTOPSIG(status), status >> 16);
      } else if (traced_.erase(pid); pid == main) {
        break;
      }
    }
    release();
    return status;
  }

  bool has_run() const { return has_run_; }

 private:
  void stopped(pid_t pid, int signal, int event) {
    traced_.insert(pid);
    if (signal == (SIGTRAP | 0x80)) at_call(pid);
    const bool is_ours = event != 0 || signal == (SIGTRAP | 0x80) || signal == SIGCONT;
    ::ptrace(PTRACE_SYSCALL, pid, 0, static_cast<long>(is_ours ? 0 : signal));
  }

  void at_call(pid_t pid) {
    __ptrace_syscall_info info{};
    const long size = ::ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info);
    if (has_run_ || size <= 0 || info.op != PTRACE_SYSCALL_INFO_ENTRY) return;
    if (info.entry.nr != call_) return;
    ::setenv("CALLER", std::to_string(pid).c_str(), 1);
    has_run_ = ::system(script_) == 0;
  }

  // The container of a create goes on without us.
  void release() {
    for (const pid_t pid : traced_) {
      int status = 0;
      ::ptrace(PTRACE_INTERRUPT, pid, 0, 0);
      if (::waitpid(pid, &status, __WALL) == pid && WIFSTOPPED(status)) {
        ::ptrace(PTRACE_DETACH, pid, 0, 0);
      }
    }
  }

  unsigned long call_;
  const char* script_;
  bool has_run_ = false;
  std::set<pid_t> traced_;
};

}  // namespace

int main(int count, char** values) {
  if (count < 4) return 99;
  for (const Call& call : kCalls) {
    if (::strcmp(call.name, values[1]) != 0) continue;
    Meanwhile race(call.number, values[2]);
    const auto started = start_traced(values + 3);
    if (!started) give_up("cannot start and trace the command");
    const int status = race.follow(*started);
    if (!race.has_run()) give_up("the script has not succeeded at any such call");
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }
  return 99;
}
