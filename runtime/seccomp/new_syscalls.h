// SPDX-License-Identifier: Apache-2.0
// System calls newer than the libseccomp we are linked with: their numbers, so that a profile may
// name them (design §8.8).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace asylum::seccomp {

/// Columns of NewSyscall::numbers. x32 numbers are without bit 30.
namespace column {
inline constexpr std::uint8_t x86_64 = 0, x86 = 1, x32 = 2, generic = 3;
}
inline constexpr std::uint8_t kNoColumn = 0xff;

struct NewSyscall {
  std::string_view name;
  std::int16_t numbers[4];  // -1: the architecture does not have it
};

std::span<const NewSyscall> new_syscalls();

}  // namespace asylum::seccomp
