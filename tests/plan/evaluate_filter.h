// SPDX-License-Identifier: Apache-2.0
// A small interpreter for the device filter, with the verifier's rules that matter: forward jumps
// that stay inside, a result at every exit, no instruction out of reach.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "runtime/plan/types/plan.h"

namespace asylum::plan::test {

struct DeviceAccess {
  std::uint32_t type;  // 1 block, 2 character
  std::uint32_t major;
  std::uint32_t minor;
  std::uint32_t access;  // 1 mknod, 2 read, 4 write
};

struct Instruction {
  explicit Instruction(BpfInstruction packed)
      : code(packed & 0xff),
        destination((packed >> 8) & 0xf),
        source((packed >> 12) & 0xf),
        offset(static_cast<std::int16_t>((packed >> 16) & 0xffff)),
        immediate(static_cast<std::uint32_t>(packed >> 32)) {}
  std::uint64_t code;
  std::size_t destination;
  std::size_t source;
  std::int16_t offset;
  std::uint32_t immediate;
};

/// 0 or 1; nothing for a program that the kernel would refuse.
inline std::optional<std::uint32_t> evaluate(const std::vector<BpfInstruction>& program,
                                             const DeviceAccess& request) {
  const std::array<std::uint32_t, 3> context = {request.access << 16 | request.type, request.major,
                                                request.minor};
  std::array<std::optional<std::uint32_t>, 11> registers;
  for (std::size_t at = 0; at < program.size(); ++at) {
    const Instruction one(program[at]);
    auto& to = registers[one.destination];
    switch (one.code) {
      case 0x61:  // load a word of the context
        if (one.source != 1 || one.offset % 4 != 0 || one.offset < 0 || one.offset > 8) return {};
        to = context[static_cast<std::size_t>(one.offset) / 4];
        break;
      case 0xb4:
        to = one.immediate;
        break;
      case 0xbc:
        if (!registers[one.source]) return {};
        to = registers[one.source];
        break;
      case 0x54:
        if (!to) return {};
        to = *to & one.immediate;
        break;
      case 0x74:
        if (!to) return {};
        to = *to >> one.immediate;
        break;
      case 0x16:
      case 0x56:
        if (!to || one.offset < 0) return {};
        if ((*to == one.immediate) == (one.code == 0x16))
          at += static_cast<std::size_t>(one.offset);
        break;
      case 0x95:
        return registers[0];
      default:
        return {};
    }
  }
  return {};  // fell off the end
}

/// The indices that no path reaches.
inline std::set<std::size_t> unreachable(const std::vector<BpfInstruction>& program) {
  std::set<std::size_t> left;
  for (std::size_t i = 0; i < program.size(); ++i) left.insert(i);
  std::vector<std::size_t> todo = {0};
  while (!todo.empty()) {
    const std::size_t at = todo.back();
    todo.pop_back();
    if (left.erase(at) == 0) continue;
    const Instruction one(program[at]);
    if (one.code == 0x95) continue;
    todo.push_back(at + 1);
    if (one.code == 0x16 || one.code == 0x56) {
      todo.push_back(at + 1 + static_cast<std::size_t>(one.offset));
    }
  }
  return left;
}

}  // namespace asylum::plan::test
