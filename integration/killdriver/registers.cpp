// SPDX-License-Identifier: Apache-2.0
#include "integration/killdriver/registers.h"

#include <elf.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include <cstddef>

#include "integration/killdriver/world.h"

namespace killdriver {

#if defined(__x86_64__)

void skip_call(pid_t pid) {
  if (::ptrace(PTRACE_POKEUSER, pid, offsetof(user_regs_struct, orig_rax), -1L) != 0)
    fail("skip a system call");
}

void answer_call(pid_t pid, int error_number) {
  const long answer = -static_cast<long>(error_number);
  if (::ptrace(PTRACE_POKEUSER, pid, offsetof(user_regs_struct, rax), answer) != 0)
    fail("answer a system call");
}

#elif defined(__aarch64__)

void skip_call(pid_t pid) {
  int number = -1;
  iovec place{&number, sizeof number};
  // NT_ARM_SYSTEM_CALL, linux/elf.h
  if (::ptrace(PTRACE_SETREGSET, pid, 0x404, &place) != 0) fail("skip a system call");
}

void answer_call(pid_t pid, int error_number) {
  user_regs_struct registers{};
  iovec place{&registers, sizeof registers};
  if (::ptrace(PTRACE_GETREGSET, pid, NT_PRSTATUS, &place) != 0) fail("read the registers");
  registers.regs[0] = static_cast<unsigned long long>(-static_cast<long long>(error_number));
  if (::ptrace(PTRACE_SETREGSET, pid, NT_PRSTATUS, &place) != 0) fail("answer a system call");
}

#else
#error "say here how a tracer changes a system call's number and its answer"
#endif

}  // namespace killdriver
