// SPDX-License-Identifier: Apache-2.0
// Small text tools without locale and without iostreams.
#pragma once

#include <charconv>
#include <concepts>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asylum {

inline void append_to(std::string& out, std::string_view text) {
  out += text;
}
inline void append_to(std::string& out, char c) {
  out += c;
}
template <std::integral T>
void append_to(std::string& out, T value) {
  char digits[24];
  auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.append(digits, end);
}

/// Concatenates text and integers: cat("pid ", 42).
template <typename... Parts>
std::string cat(const Parts&... parts) {
  std::string out;
  (append_to(out, parts), ...);
  return out;
}

/// In double quotes, with control characters, quotes and backslashes escaped; text over `longest`
/// bytes is cut.
std::string quote(std::string_view text, std::size_t longest = 200);

std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string_view trim(std::string_view text);  // white space at both ends

/// The whole text as a decimal number: no sign, no blanks, no overflow; else nothing.
std::optional<std::uint64_t> parse_u64(std::string_view text);
std::optional<std::int64_t> parse_i64(std::string_view text);

/// The candidate nearest to `word` by edit distance, if near enough to be a slip of the hand; else
/// nothing.
std::optional<std::string_view> closest_match(std::string_view word,
                                              std::span<const std::string_view> candidates);

/// As ASCII.
bool equals_in_any_case(std::string_view a, std::string_view b);

/// Lexically clean: one leading slash, no ".", "..", "//" or trailing slash; ".." at the top is
/// dropped. "a/../b" → "/b". Pure text: symbolic links are none of its business.
std::string clean_path(std::string_view path);

/// One reference token escaped as RFC 6901 wants it: "a/b~c" → "a~1b~0c".
std::string escape_pointer_token(std::string_view token);

}  // namespace asylum
