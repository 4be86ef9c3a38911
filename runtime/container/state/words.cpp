// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/words.h"

#include "runtime/base/text.h"

namespace asylum::container {
namespace {

constexpr char kHex[] = "0123456789ABCDEF";

bool is_plain(char c) {
  return c > ' ' && c < '\x7f' && c != '%';
}

std::optional<unsigned> hex_value(char c) {
  const std::size_t at = std::string_view(kHex).find(c);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(at);
}

}  // namespace

void append_word(std::string& text, std::string_view word) {
  if (word.empty()) text += '-';
  for (const char c : word) {
    if (is_plain(c) && word != "-") {
      text += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    text += '%';
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
}

std::size_t encoded_size(std::string_view word) {
  if (word.empty()) return 1;
  if (word == "-") return 3;
  std::size_t size = 0;
  for (const char c : word) size += is_plain(c) ? 1 : 3;
  return size;
}

std::string encode_word(std::string_view word) {
  std::string out;
  append_word(out, word);
  return out;
}

std::optional<std::string> decode_word(std::string_view text) {
  if (text == "-") return std::string();
  if (text.empty()) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      if (!is_plain(text[i])) return std::nullopt;
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return std::nullopt;
    const auto high = hex_value(text[i + 1]);
    const auto low = hex_value(text[i + 2]);
    if (!high || !low) return std::nullopt;
    out += static_cast<char>(*high * 16 + *low);
    i += 2;
  }
  // One spelling a word: "%41" for "A" is none of ours.
  if (encode_word(out) != text) return std::nullopt;
  return out;
}

std::string encode_line(std::span<const std::string> words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    line += encode_word(word);
  }
  line += '\n';
  return line;
}

std::optional<std::vector<std::string>> decode_line(std::string_view line) {
  std::vector<std::string> words;
  for (const std::string_view text : split(line, ' ')) {
    auto word = decode_word(text);
    if (!word) return std::nullopt;
    words.push_back(std::move(*word));
  }
  return words;
}

std::vector<std::string_view> whole_lines(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n')) {
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return lines;
}

}  // namespace asylum::container
