// SPDX-License-Identifier: Apache-2.0
#include "runtime/seccomp/prologue.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>

#include <algorithm>
#include <cstddef>

namespace asylum::seccomp {
namespace {

using Program = std::vector<sock_filter>;
constexpr std::uint32_t kX32Bit = 0x40000000;

// Conditional jumps reach 255 instructions only: each test skips one unconditional jump, whose
// reach is 32 bits.
void add(Program& program, unsigned code, std::uint32_t k) {
  program.push_back({static_cast<std::uint16_t>(code), 0, 0, k});
}

void load_field(Program& program, std::size_t offset) {
  add(program, BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset));
}

void skip_next_unless(Program& program, unsigned test, std::uint32_t k) {
  program.push_back({static_cast<std::uint16_t>(BPF_JMP | test | BPF_K), 0, 1, k});
}

void skip_next_if(Program& program, unsigned test, std::uint32_t k) {
  program.push_back({static_cast<std::uint16_t>(BPF_JMP | test | BPF_K), 1, 0, k});
}

// A number of one architecture, in the accumulator: decided names, then ENOSYS, else to the end of
// the prologue.
Program decide(const PrologueArchitecture* architecture, bool x32, bool enosys_above_highest) {
  Program program;
  const std::uint32_t bit = x32 ? kX32Bit : 0;
  if (architecture != nullptr) {
    for (const auto& [number, action] : architecture->decided) {
      skip_next_unless(program, BPF_JEQ, number | bit);
      add(program, BPF_RET | BPF_K, action);
    }
    if (enosys_above_highest) skip_next_unless(program, BPF_JGT, architecture->highest | bit);
  }
  if (enosys_above_highest) add(program, BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS);
  return program;
}

void append(Program& program, const Program& part) {
  program.insert(program.end(), part.begin(), part.end());
}

const PrologueArchitecture* find(const std::vector<PrologueArchitecture>& all,
                                 std::uint32_t audit_arch, bool x32) {
  const auto found = std::find_if(all.begin(), all.end(), [&](const PrologueArchitecture& a) {
    return a.audit_arch == audit_arch && a.x32 == x32;
  });
  return found == all.end() ? nullptr : &*found;
}

// All that is decided for one value of seccomp_data.arch; every path ends in a return or falls off
// the end.
Program block_of(const std::vector<PrologueArchitecture>& all, std::uint32_t audit_arch,
                 bool enosys) {
  Program block;
  load_field(block, offsetof(seccomp_data, nr));
  const Program plain = decide(find(all, audit_arch, false), false,
                               enosys && find(all, audit_arch, false) != nullptr);
  if (audit_arch != AUDIT_ARCH_X86_64) {
    append(block, plain);
    return block;
  }
  const Program x32 = decide(find(all, audit_arch, true), true, enosys);
  skip_next_if(block, BPF_JGE, kX32Bit);
  add(block, BPF_JMP | BPF_JA, static_cast<std::uint32_t>(x32.size() + 1));  // to the plain part
  append(block, x32);
  add(block, BPF_JMP | BPF_JA, static_cast<std::uint32_t>(plain.size()));  // past it
  append(block, plain);
  return block;
}

}  // namespace

std::vector<sock_filter> make_prologue(const std::vector<PrologueArchitecture>& architectures,
                                       bool enosys_above_highest) {
  const bool decides =
      std::any_of(architectures.begin(), architectures.end(),
                  [](const PrologueArchitecture& a) { return !a.decided.empty(); });
  if (!enosys_above_highest && !decides) return {};
  std::vector<std::uint32_t> seen;
  std::vector<Program> blocks;
  std::size_t rest = 0;
  for (const PrologueArchitecture& architecture : architectures) {
    if (std::find(seen.begin(), seen.end(), architecture.audit_arch) != seen.end()) continue;
    seen.push_back(architecture.audit_arch);
    blocks.push_back(block_of(architectures, architecture.audit_arch, enosys_above_highest));
    rest += blocks.back().size() + 3;  // test, jump over, jump to the end
  }
  Program program;
  load_field(program, offsetof(seccomp_data, arch));
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    rest -= blocks[i].size() + 3;
    skip_next_if(program, BPF_JEQ, seen[i]);
    add(program, BPF_JMP | BPF_JA, static_cast<std::uint32_t>(blocks[i].size() + 1));
    append(program, blocks[i]);
    add(program, BPF_JMP | BPF_JA, static_cast<std::uint32_t>(rest));
  }
  return program;
}

}  // namespace asylum::seccomp
