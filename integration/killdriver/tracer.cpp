// SPDX-License-Identifier: Apache-2.0
#include "integration/killdriver/tracer.h"

// Before the kernel's header, which defines what glibc's does not.
#include <sys/ptrace.h>

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <set>

#include "integration/killdriver/world.h"

namespace killdriver {
namespace {

constexpr int kTimeout_s = 20;
// The command has ended; init sleeps at its gate. So long without an event, and nothing more will
// come.
constexpr int kQuiet_ms = 60;

class Trace {
 public:
  Trace(pid_t main, Victim victim, long at) : main_(main), victim_(victim), left_(at) {}

  Outcome follow() {
    const time_t deadline = ::time(nullptr) + kTimeout_s;
    int quiet_ms = 0;
    while (main_alive_ || (victim_ != Victim::main && !outcome_.killed && quiet_ms < kQuiet_ms)) {
      if (::time(nullptr) > deadline) {
        ::kill(main_, SIGKILL);
        outcome_.code = -1;
        return outcome_;
      }
      int status = 0;
      const pid_t pid = ::waitpid(-1, &status, WNOHANG | __WALL);
      if (pid <= 0) {
        wait_for_child(20);
        quiet_ms += 20;
        continue;
      }
      quiet_ms = 0;
      WIFSTOPPED(status) ? stopped(pid, status) : ended(pid, status);
    }
    return outcome_;
  }

 private:
  void ended(pid_t pid, int status) {
    known_.erase(pid);
    if (pid != main_) return;
    main_alive_ = false;
    outcome_.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  void stopped(pid_t pid, int status) {
    const int signal = WSTOPSIG(status);
    const bool first = known_.insert(pid).second;
    if (first && pid == main_) {
      long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC;
      if (victim_ != Victim::main)
        options |= PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
      ::ptrace(PTRACE_SETOPTIONS, pid, 0, options);
    }
    long deliver = 0;
    if (signal == (SIGTRAP | 0x80)) {
      if (is_entry(pid) && counts(pid) && --left_ == 0) return strike(pid);
    } else if (status >> 16 == 0 && !(first && signal == SIGSTOP)) {
      deliver = signal;  // a real signal on its way
    }
    ::ptrace(PTRACE_SYSCALL, pid, 0, deliver);
  }

  bool is_entry(pid_t pid) {
    __ptrace_syscall_info info{};
    if (::ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) <= 0) return false;
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return false;
    outcome_.system_call = std::to_string(info.entry.nr);
    return true;
  }

  bool counts(pid_t pid) const { return victim_ == Victim::main ? pid == main_ : pid != main_; }

  void strike(pid_t pid) {
    outcome_.killed = true;
    if (victim_ == Victim::both) ::kill(main_, SIGKILL);
    ::kill(pid, SIGKILL);
  }

  pid_t main_;
  Victim victim_;
  long left_;
  bool main_alive_ = true;
  std::set<pid_t> known_;
  Outcome outcome_;
};

}  // namespace

Outcome run_and_kill(const std::vector<std::string>& argv, const std::string& output, Victim victim,
                     long at) {
  const pid_t pid = start(argv, output, [] {
    ::ptrace(PTRACE_TRACEME, 0, 0, 0);
    ::raise(SIGSTOP);
  });
  return Trace(pid, victim, at).follow();
}

}  // namespace killdriver
