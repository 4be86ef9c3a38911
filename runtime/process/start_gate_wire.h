// SPDX-License-Identifier: Apache-2.0
// The bytes of the gate's answer FIFO, for both its halves: optionally kExecuting, the program's
// path and kProgramEnd; then optionally an encoded Error.
#pragma once

#include <string_view>

namespace asylum::process {

inline constexpr std::string_view kExecuting = "X";
inline constexpr std::string_view kProgramEnd{"\0", 1};

}  // namespace asylum::process
