// SPDX-License-Identifier: Apache-2.0
// Lines of words for our own files (journal, record): any bytes go in, one line of ASCII comes out.
// Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace asylum::container {

/// One word: printable ASCII as it is, all else and '%' as %XX, the empty word as "-".
std::string encode_word(std::string_view word);
/// The same onto the end of a text. Where that has room for it (encoded_size) the word is left
/// nowhere else in memory.
void append_word(std::string& text, std::string_view word);
std::size_t encoded_size(std::string_view word);
/// Nothing if it is not what encode_word makes.
std::optional<std::string> decode_word(std::string_view text);

/// {"made", "cgroup", "/a b"} → "made cgroup /a%20b\n".
std::string encode_line(std::span<const std::string> words);
/// A line without its newline; nothing if a word is damaged or missing.
std::optional<std::vector<std::string>> decode_line(std::string_view line);

/// The lines of a text, without their newlines. A last one that has none was being written when its
/// writer was killed: it is left out.
std::vector<std::string_view> whole_lines(std::string_view text);

}  // namespace asylum::container
