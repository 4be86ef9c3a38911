// SPDX-License-Identifier: Apache-2.0
// The bytes of the gate's answer FIFO, for both its halves: optionally kExecuting, then optionally an encoded Error.
#pragma once

#include <string_view>

namespace asylum::process {

inline constexpr std::string_view kExecuting = "X";

}  // namespace asylum::process
