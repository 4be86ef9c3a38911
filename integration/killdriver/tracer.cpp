// SPDX-License-Identifier: Apache-2.0
#include "integration/killdriver/tracer.h"

// Before the kernel's header, which defines what glibc's does not.
#include <sys/ptrace.h>

#include <signal.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>

#include "integration/killdriver/world.h"

namespace killdriver {
namespace {

constexpr int kTimeout_s = 20;
// The command has ended; init sleeps at its gate. So long without an event, and nothing more will
// come.
constexpr int kQuiet_ms = 60;

class Killer : public Tracer {
 public:
  Killer(Victim victim, long at) : victim_(victim), left_(at) {}
  Outcome outcome;

 private:
  void enters(pid_t pid, const Call& call) override {
    outcome.system_call = std::to_string(call.number);
    if ((victim_ == Victim::main) != (pid == command())) return;
    if (--left_ != 0) return;
    outcome.killed = true;
    if (victim_ == Victim::both) ::kill(command(), SIGKILL);
    ::kill(pid, SIGKILL);
  }
  bool wants_more() const override { return victim_ != Victim::main && !outcome.killed; }

  Victim victim_;
  long left_;
};

}  // namespace

int Tracer::follow(const std::vector<std::string>& argv, const std::string& output,
                   bool with_children) {
  with_children_ = with_children;
  command_ = start(argv, output, [] {
    ::ptrace(PTRACE_TRACEME, 0, 0, 0);
    ::raise(SIGSTOP);
  });
  const time_t deadline = ::time(nullptr) + kTimeout_s;
  int quiet_ms = 0;
  while (alive_ || (wants_more() && quiet_ms < kQuiet_ms)) {
    if (::time(nullptr) > deadline) {
      ::kill(command_, SIGKILL);
      return -1;
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
  return code_;
}

void Tracer::ended(pid_t pid, int status) {
  known_.erase(pid);
  if (pid != command_) return;
  alive_ = false;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void Tracer::stopped(pid_t pid, int status) {
  const int signal = WSTOPSIG(status);
  const bool first = known_.insert(pid).second;
  if (first && pid == command_) {
    long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACEEXEC;
    if (with_children_) options |= PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK;
    ::ptrace(PTRACE_SETOPTIONS, pid, 0, options);
  }
  long deliver = 0;
  if (signal == (SIGTRAP | 0x80)) {
    at_call(pid);
  } else if (status >> 16 == 0 && !(first && signal == SIGSTOP)) {
    deliver = signal;  // a real signal on its way
  }
  ::ptrace(PTRACE_SYSCALL, pid, 0, deliver);  // nothing for one that was just killed
}

void Tracer::at_call(pid_t pid) {
  __ptrace_syscall_info info{};
  if (::ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) <= 0) return;
  if (info.op == PTRACE_SYSCALL_INFO_EXIT) return leaves(pid);
  if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return;
  Call call;
  call.number = static_cast<long>(info.entry.nr);
  std::copy(std::begin(info.entry.args), std::end(info.entry.args), call.arguments);
  enters(pid, call);
}

Outcome run_and_kill(const std::vector<std::string>& argv, const std::string& output, Victim victim,
                     long at) {
  Killer killer(victim, at);
  killer.outcome.code = killer.follow(argv, output, victim != Victim::main);
  return killer.outcome;
}

}  // namespace killdriver
