// SPDX-License-Identifier: Apache-2.0
// Text of unknown origin on a line of a terminal or of a log.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asylum {

/// Bytes of the UTF-8 sequence that `text` begins with; 0 if it begins with none. Source: RFC 3629
/// section 4.
std::size_t utf8_length(std::string_view text);

/// Printable UTF-8 without line break: white space becomes blanks; other control characters (C0,
/// DEL, C1) and bytes that are not UTF-8 are written as "\x1b". Engines keep one line and people
/// have terminals: a name in an image, or what a process in a container says, breaks neither.
std::string on_one_line(std::string_view text);

}  // namespace asylum
