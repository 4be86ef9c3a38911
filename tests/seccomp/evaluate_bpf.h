// SPDX-License-Identifier: Apache-2.0
// A classic BPF interpreter for the instructions that seccomp filters use, so that filters are
// tested without loading.
#pragma once

#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>

#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace asylum::seccomp {

inline std::uint32_t evaluate(const std::string& bytes, const seccomp_data& data) {
  std::vector<sock_filter> program(bytes.size() / sizeof(sock_filter));
  std::memcpy(program.data(), bytes.data(), bytes.size());
  std::uint32_t a = 0;
  for (std::size_t pc = 0; pc < program.size(); ++pc) {
    const sock_filter& op = program[pc];
    bool jump = false;
    switch (op.code) {
      case BPF_LD | BPF_W | BPF_ABS:
        std::memcpy(&a, reinterpret_cast<const char*>(&data) + op.k, sizeof a);
        continue;
      case BPF_ALU | BPF_AND | BPF_K:
        a &= op.k;
        continue;
      case BPF_RET | BPF_K:
        return op.k;
      case BPF_JMP | BPF_JA:
        pc += op.k;
        continue;
      case BPF_JMP | BPF_JEQ | BPF_K:
        jump = a == op.k;
        break;
      case BPF_JMP | BPF_JGT | BPF_K:
        jump = a > op.k;
        break;
      case BPF_JMP | BPF_JGE | BPF_K:
        jump = a >= op.k;
        break;
      case BPF_JMP | BPF_JSET | BPF_K:
        jump = (a & op.k) != 0;
        break;
      default:
        throw std::runtime_error("instruction not known to the evaluator");
    }
    pc += jump ? op.jt : op.jf;
  }
  throw std::runtime_error("ran off the end");
}

inline std::uint32_t call(const std::string& program, std::uint32_t arch, int number,
                          std::vector<std::uint64_t> args = {}) {
  seccomp_data data{};
  data.arch = arch;
  data.nr = number;
  for (std::size_t i = 0; i < args.size(); ++i) data.args[i] = args[i];
  return evaluate(program, data);
}

}  // namespace asylum::seccomp
