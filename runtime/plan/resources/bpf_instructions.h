// SPDX-License-Identifier: Apache-2.0
// The few BPF instructions that the device filter consists of, packed as struct bpf_insn lies in
// memory on a little-endian machine. Source: linux/bpf.h, linux/bpf_common.h,
// Documentation/bpf/standardization.
#pragma once

#include <cstdint>

#include "runtime/plan/types/cgroup.h"

namespace asylum::plan::bpf {

constexpr BpfInstruction pack(std::uint8_t code, std::uint8_t destination, std::uint8_t source,
                              std::int16_t offset, std::int32_t immediate) {
  return BpfInstruction{code} | BpfInstruction{destination} << 8 | BpfInstruction{source} << 12 |
         BpfInstruction{static_cast<std::uint16_t>(offset)} << 16 |
         BpfInstruction{static_cast<std::uint32_t>(immediate)} << 32;
}

inline constexpr std::uint8_t kLoadWord = 0x61;        // BPF_LDX | BPF_MEM | BPF_W
inline constexpr std::uint8_t kMoveImmediate = 0xb4;   // BPF_ALU | BPF_MOV | BPF_K
inline constexpr std::uint8_t kMoveRegister = 0xbc;    // BPF_ALU | BPF_MOV | BPF_X
inline constexpr std::uint8_t kAndImmediate = 0x54;    // BPF_ALU | BPF_AND | BPF_K
inline constexpr std::uint8_t kRightShift = 0x74;      // BPF_ALU | BPF_RSH | BPF_K
inline constexpr std::uint8_t kJumpIfEqual = 0x16;     // BPF_JMP32 | BPF_JEQ | BPF_K
inline constexpr std::uint8_t kJumpIfNotEqual = 0x56;  // BPF_JMP32 | BPF_JNE | BPF_K
inline constexpr std::uint8_t kExit = 0x95;            // BPF_JMP | BPF_EXIT

constexpr BpfInstruction load_word(std::uint8_t to, std::uint8_t from, std::int16_t offset) {
  return pack(kLoadWord, to, from, offset, 0);
}
constexpr BpfInstruction move(std::uint8_t to, std::int32_t value) {
  return pack(kMoveImmediate, to, 0, 0, value);
}
constexpr BpfInstruction copy(std::uint8_t to, std::uint8_t from) {
  return pack(kMoveRegister, to, from, 0, 0);
}
constexpr BpfInstruction bit_and(std::uint8_t what, std::uint32_t mask) {
  return pack(kAndImmediate, what, 0, 0, static_cast<std::int32_t>(mask));
}
constexpr BpfInstruction shift_right(std::uint8_t what, std::int32_t bits) {
  return pack(kRightShift, what, 0, 0, bits);
}
constexpr BpfInstruction exit() {
  return pack(kExit, 0, 0, 0, 0);
}

/// Jumps `offset` instructions over the next one.
constexpr BpfInstruction jump_if_equal(std::uint8_t what, std::uint32_t value,
                                       std::int16_t offset) {
  return pack(kJumpIfEqual, what, 0, offset, static_cast<std::int32_t>(value));
}
constexpr BpfInstruction jump_if_not_equal(std::uint8_t what, std::uint32_t value,
                                           std::int16_t offset) {
  return pack(kJumpIfNotEqual, what, 0, offset, static_cast<std::int32_t>(value));
}

}  // namespace asylum::plan::bpf
