// SPDX-License-Identifier: Apache-2.0
// What a file says of who could execute it. Pure.
#pragma once

#include <string>
#include <string_view>

namespace asylum::process {

/// What an executable file says it is, from its first bytes.
struct Executable {
  enum class Kind { unknown, script, elf } kind = Kind::unknown;
  std::string interpreter;  // of the #! line, or PT_INTERP; "" if none
  bool foreign = false;     // ELF for another machine
};
/// Reads as much as the given bytes have. Pure. Source: execve(2), elf(5).
Executable examine_executable(std::string_view bytes);

}  // namespace asylum::process
