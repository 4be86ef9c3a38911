// SPDX-License-Identifier: Apache-2.0
// System calls by other doors than the one that a filter written for x86-64 looks at.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "integration/tools/attacker.h"

namespace attacker {
namespace {

#if defined(__x86_64__)

// Numbers of the three tables, which differ.
constexpr long kX86_64Mkdir = 83;
constexpr long kX86_64Getpid = 39;
constexpr long kX32Bit = 0x40000000;
constexpr long kI386Mkdir = 39;
constexpr long kI386Getpid = 20;

long by_syscall(long number, const char* path) {
  long result = 0;
  const long mode = 0755;
  asm volatile("syscall"
               : "=a"(result)
               : "a"(number), "D"(path), "S"(mode)
               : "rcx", "r11", "memory");
  return result;
}

// 32-bit arguments: the path must lie in the lowest four gigabytes.
long by_interrupt(long number, const char* path) {
  void* const low =
      ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
  if (low == MAP_FAILED) return -ENOMEM;
  ::strcpy(static_cast<char*>(low), path);
  int result = 0;
  asm volatile("int $0x80"
               : "=a"(result)
               : "a"(number), "b"(low), "c"(0755L)
               : "r8", "r9", "r10", "r11", "memory");
  return result;
}

struct Call {
  const char* name;
  long (*door)(long number, const char* path);
  long number;
};

constexpr Call kCalls[] = {
    {"x86-64 mkdir", by_syscall, kX86_64Mkdir},
    {"x86-64 getpid", by_syscall, kX86_64Getpid},
    {"x32 mkdir", by_syscall, kX86_64Mkdir | kX32Bit},
    {"x32 getpid", by_syscall, kX86_64Getpid | kX32Bit},
    {"i386 mkdir", by_interrupt, kI386Mkdir},
    {"i386 getpid", by_interrupt, kI386Getpid},
};

/// Makes the call in a child of its own, for it may be the last: "ok", the error, or the signal.
std::string outcome_of(const Call& call) {
  int ends[2];
  if (::pipe(ends) != 0) return error_name();
  const pid_t child = ::fork();
  if (child == 0) {
    const long result = call.door(call.number, "made");
    (void)!::write(ends[1], &result, sizeof result);
    ::_exit(0);
  }
  ::close(ends[1]);
  long result = 0;
  const bool returned = ::read(ends[0], &result, sizeof result) == sizeof result;
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!returned) return std::string("SIG") + ::sigabbrev_np(WTERMSIG(status));
  if (result >= 0) return "ok";
  errno = static_cast<int>(-result);
  return error_name();
}

#endif

}  // namespace

int call_foreign_abis() {
#if defined(__x86_64__)
  for (const Call& call : kCalls) {
    const std::string outcome = outcome_of(call);
    ::printf("%s %s\n", call.name, outcome.c_str());
    ::fflush(stdout);
    ::rmdir("made");
  }
#endif
  return 0;
}

}  // namespace attacker
