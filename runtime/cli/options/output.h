// SPDX-License-Identifier: Apache-2.0
// Words for the user: to standard output whole, and paragraphs that fit a screen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asylum::cli {

/// Writes all of it to standard output. Throws: a full disk or a closed pipe must not look like
/// success.
void print(std::string_view text);

/// Breaks at blanks so that no line is longer than `width` columns; every line but the first begins
/// with `indent` blanks (the first is taken to begin there already). Ends without newline.
std::string wrap(std::string_view text, std::size_t indent, std::size_t width = 80);

/// Columns on a screen, counting a UTF-8 sequence as one.
std::size_t columns_of(std::string_view text);

}  // namespace asylum::cli
