// SPDX-License-Identifier: Apache-2.0
#include "runtime/seccomp/evaluate.h"

#include <linux/filter.h>

#include <cstring>

#include "runtime/base/error.h"

namespace asylum::seccomp {
namespace {

[[noreturn]] void refuse(const char* why) {
  throw Error(ErrorKind::internal, why);
}

bool jumps(const sock_filter& op, std::uint32_t a) {
  switch (op.code) {
    case BPF_JMP | BPF_JEQ | BPF_K:
      return a == op.k;
    case BPF_JMP | BPF_JGT | BPF_K:
      return a > op.k;
    case BPF_JMP | BPF_JGE | BPF_K:
      return a >= op.k;
    case BPF_JMP | BPF_JSET | BPF_K:
      return (a & op.k) != 0;
    default:
      refuse("a seccomp filter has an instruction that is not evaluated");
  }
}

std::uint32_t word_at(const seccomp_data& data, std::uint32_t offset) {
  std::uint32_t word = 0;
  if (offset > sizeof data - sizeof word) refuse("a seccomp filter looks beyond its data");
  std::memcpy(&word, reinterpret_cast<const char*>(&data) + offset, sizeof word);
  return word;
}

}  // namespace

std::uint32_t evaluate(std::string_view program, const seccomp_data& data) {
  std::uint32_t a = 0;
  const std::size_t size = program.size() / sizeof(sock_filter);
  for (std::size_t pc = 0; pc < size; ++pc) {
    sock_filter op{};
    std::memcpy(&op, program.data() + pc * sizeof op, sizeof op);
    switch (op.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        a = word_at(data, op.k);
        break;
      case BPF_ALU | BPF_AND | BPF_K:
        a &= op.k;
        break;
      case BPF_RET | BPF_K:
        return op.k;
      case BPF_JMP | BPF_JA:
        pc += op.k;
        break;
      default:
        pc += jumps(op, a) ? op.jt : op.jf;
    }
  }
  refuse("a seccomp filter ends without an answer");
}

}  // namespace asylum::seccomp
