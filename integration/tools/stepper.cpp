// SPDX-License-Identifier: Apache-2.0
// stepper [--hold stop|freeze] SOCKET LOG COMMAND…: runs a command and holds every process that it
// makes at its birth and between any two of its system calls, until the attacker at SOCKET has
// looked around. A process that is in a deeper pid namespace than ours is untraced and stopped by
// SIGSTOP meanwhile, so that the attacker may seize it; others are held by ptrace.
// --hold: no looks; the attacker stops or freezes the first process it can see, and everything runs
// on. LOG gets the command's pid (`main PID`) and a line for each look. Ends with the command's
// code; 97 if the attacker does not answer.
//
// Before the kernel's header, which defines what glibc's does not.
#include <sys/ptrace.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <fstream>
#include <map>
#include <sstream>
#include <string>

#include "integration/tools/traced.h"

namespace {

constexpr int kPatience_s = 60;

[[noreturn]] void give_up(const std::string& what) {
  ::fprintf(stderr, "stepper: %s\n", what.c_str());
  ::_exit(97);
}

/// Words of /proc/PID/status after `key`, "" if there are none.
std::string status_of(pid_t pid, const std::string& key) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/status");
  for (std::string line; std::getline(file, line);) {
    if (line.rfind(key + ":\t", 0) == 0) return line.substr(key.size() + 2);
  }
  return "";
}

int pid_namespaces_of(pid_t pid) {
  std::istringstream words(status_of(pid, "NSpid"));
  int depth = 0;
  for (std::string word; words >> word;) ++depth;
  return depth;
}

class Attacker {
 public:
  explicit Attacker(const char* path)
      : socket_(::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0)) {
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (::strlen(path) >= sizeof address.sun_path) give_up("the path of the socket is too long");
    ::strcpy(address.sun_path, path);
    const timeval patience{kPatience_s, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
      give_up("no attacker listens");
  }

  std::string tell(const std::string& order) const {
    char answer[256];
    if (::send(socket_, order.data(), order.size(), MSG_NOSIGNAL) < 0)
      give_up("no attacker any more");
    const ssize_t length = ::recv(socket_, answer, sizeof answer, 0);
    if (length <= 0) give_up("the attacker does not answer");
    return {answer, static_cast<std::size_t>(length)};
  }

 private:
  int socket_;
};

class Stepper {
 public:
  Stepper(pid_t main, const Attacker& attacker, FILE* log, std::string hold)
      : main_(main), attacker_(attacker), log_(log), hold_(std::move(hold)) {}

  /// The command's wait status.
  int follow() {
    int status = 0;
    for (pid_t pid = 0; (pid = ::waitpid(-1, &status, __WALL)) > 0;) {
      if (!WIFSTOPPED(status)) {
        known_.erase(pid);
        if (pid == main_) result_ = status;
        continue;
      }
      stopped(pid, WSTOPSIG(status), status >> 16);
    }
    return result_;
  }

 private:
  void stopped(pid_t pid, int signal, int event) {
    const bool born = known_.emplace(pid, false).second && pid != main_;
    if (event == PTRACE_EVENT_STOP) return born ? look(pid, "birth") : resume(pid, 0);
    if (event == PTRACE_EVENT_EXEC && pid != main_ && is_visible(pid)) return leave(pid);
    if (event != 0) return resume(pid, 0);
    if (signal == (SIGTRAP | 0x80)) return after_call(pid);
    // Those that held it are ours.
    resume(pid, pid != main_ && (signal == SIGSTOP || signal == SIGCONT) ? 0 : signal);
  }

  void after_call(pid_t pid) {
    __ptrace_syscall_info info{};
    const long size = ::ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info);
    if (size <= 0) return resume(pid, 0);
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
      calls_[pid] = static_cast<long>(info.entry.nr);
      return resume(pid, 0);
    }
    look(pid, "call " + std::to_string(calls_[pid]));
  }

  void look(pid_t pid, const std::string& after) {
    const bool visible = is_visible(pid);
    if (!hold_.empty()) return visible && !held_ ? hand_over(pid) : resume(pid, 0);
    if (visible && !let_stand(pid)) return;
    note(pid, after, visible);
    if (visible && !take_back(pid)) return;
    resume(pid, 0);
  }

  void note(pid_t pid, const std::string& after, bool visible) {
    const std::string answer = attacker_.tell("look");
    ::fprintf(log_, "%s pid %d after %s: %s\n", visible ? "visible" : "hidden", pid, after.c_str(),
              answer.c_str());
  }

  // The container has it now, and we have no hand in it any more.
  void hand_over(pid_t pid) {
    held_ = true;
    const std::string answer = attacker_.tell(hold_);
    ::fprintf(log_, "held pid %d: %s\n", pid, answer.c_str());
    ::fflush(log_);
    ::ptrace(PTRACE_DETACH, pid, 0, 0);
  }

  // It has become a program of the container's: one look more, then it is on its own.
  void leave(pid_t pid) {
    if (hold_.empty()) note(pid, "execve", true);
    ::ptrace(PTRACE_DETACH, pid, 0, 0);
  }

  /// Untraced, and stopped before it returns to user mode; false if it is gone.
  static bool let_stand(pid_t pid) {
    ::kill(pid, SIGSTOP);
    ::ptrace(PTRACE_DETACH, pid, 0, 0);
    const time_t deadline = ::time(nullptr) + kPatience_s;
    for (;;) {
      const std::string state = status_of(pid, "State");
      if (state.empty() || state[0] == 'Z' || state[0] == 'X') return false;
      if (state[0] == 'T') return true;
      if (::time(nullptr) > deadline) give_up("a process does not stop");
      const timespec moment{0, 200'000};
      ::nanosleep(&moment, nullptr);
    }
  }

  static bool take_back(pid_t pid) {
    if (::ptrace(PTRACE_SEIZE, pid, 0, kTraceOptions) != 0) return false;
    int status = 0;
    if (::waitpid(pid, &status, __WALL) != pid || !WIFSTOPPED(status)) return false;
    ::kill(pid, SIGCONT);
    return true;
  }

  void resume(pid_t pid, int signal) const {
    const bool steps = pid != main_ && !held_;
    ::ptrace(steps ? PTRACE_SYSCALL : PTRACE_CONT, pid, 0, static_cast<long>(signal));
  }

  static bool is_visible(pid_t pid) {
    return pid_namespaces_of(pid) > pid_namespaces_of(::getpid());
  }

  pid_t main_;
  const Attacker& attacker_;
  FILE* log_;
  std::string hold_;
  bool held_ = false;
  int result_ = 0;
  std::map<pid_t, bool> known_;
  std::map<pid_t, long> calls_;
};

}  // namespace

int main(int count, char** values) {
  std::string hold;
  int first = 1;
  if (count > 3 && ::strcmp(values[1], "--hold") == 0) {
    hold = values[2];
    first = 3;
  }
  if (count < first + 3) return 99;
  const Attacker attacker(values[first]);
  FILE* log = ::fopen(values[first + 1], "we");
  if (log == nullptr) give_up("cannot write the log");
  const auto started = start_traced(values + first + 2);
  if (!started) give_up("cannot start and trace the command");
  const pid_t main = *started;
  ::fprintf(log, "main %d\n", main);
  ::fflush(log);
  const int status = Stepper(main, attacker, log, hold).follow();
  ::fclose(log);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
