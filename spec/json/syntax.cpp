// SPDX-License-Identifier: Apache-2.0
#include "spec/json/syntax.h"

#include "runtime/base/text.h"

namespace asylum::spec {
namespace {

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '-' || c == '+' || c == '.';
}

bool is_hex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

// The string that begins at `begin` was refused by the parser: where and why.
SyntaxProblem explain_string(std::string_view text, std::size_t begin) {
  constexpr std::string_view kEscapes = "\"\\/bfnrtu";
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"') break;
    if (static_cast<unsigned char>(c) < 0x20) {
      return {i, "a control character inside a string must be written as an escape such as \\n"};
    }
    if (c != '\\') continue;
    if (++i >= text.size()) break;
    if (kEscapes.find(text[i]) == std::string_view::npos) {
      return {i - 1, cat("\\", std::string_view(&text[i], 1), " is no escape in JSON")};
    }
    for (std::size_t digit = 1; text[i] == 'u' && digit <= 4; ++digit) {
      if (i + digit >= text.size() || !is_hex(text[i + digit])) {
        return {i - 1, "\\u must be followed by four hexadecimal digits"};
      }
    }
  }
  if (text.find('"', begin + 1) == std::string_view::npos) {
    return {begin, "this string has no closing quote"};
  }
  return {begin, "this string is not valid UTF-8, or has half of a surrogate pair"};
}

std::string_view expected_at(JsonPlace place, bool after_separator) {
  switch (place) {
    case JsonPlace::document_start:
      return "a JSON document";
    case JsonPlace::document_end:
      return "nothing after the end of the document";
    case JsonPlace::object_start:
      return "a key in double quotes or \"}\"";
    case JsonPlace::object_key:
      return after_separator ? "a value" : "a colon after the key";
    case JsonPlace::object_member:
      return after_separator ? "a key in double quotes after the comma" : "a comma or \"}\"";
    case JsonPlace::array_start:
      return "a value or \"]\"";
    case JsonPlace::array_item:
      return after_separator ? "a value after the comma" : "a comma or \"]\"";
  }
  return "a value";
}

bool wants_value(JsonPlace place, bool after_separator) {
  return place == JsonPlace::document_start || place == JsonPlace::array_start ||
         (after_separator && (place == JsonPlace::object_key || place == JsonPlace::array_item));
}

bool wants_key(JsonPlace place, bool after_separator) {
  return place == JsonPlace::object_start || (after_separator && place == JsonPlace::object_member);
}

std::string found_at(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return "the end of the document";
  std::size_t end = offset;
  while (end < text.size() && is_word_character(text[end])) ++end;
  if (end == offset) ++end;
  return quote(text.substr(offset, end - offset));
}

}  // namespace

std::size_t skip_blank(std::string_view text, std::size_t offset) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (offset == 0 && text.starts_with(kByteOrderMark)) offset = kByteOrderMark.size();
  while (offset < text.size() &&
         std::string_view(" \t\r\n").find(text[offset]) != std::string_view::npos) {
    ++offset;
  }
  return offset;
}

SyntaxProblem explain_syntax(std::string_view text, std::size_t last_end, JsonPlace place) {
  std::size_t offset = skip_blank(text, last_end);
  const char separator = place == JsonPlace::object_key ? ':'
                         : place == JsonPlace::object_member || place == JsonPlace::array_item
                             ? ','
                             : '\0';
  const bool after_separator =
      separator != '\0' && offset < text.size() && text[offset] == separator;
  if (after_separator) offset = skip_blank(text, offset + 1);
  if (offset < text.size() && text[offset] == '"' &&
      (wants_value(place, after_separator) || wants_key(place, after_separator))) {
    return explain_string(text, offset);
  }
  return {offset, cat("expected ", expected_at(place, after_separator), ", found ",
                      found_at(text, offset))};
}

}  // namespace asylum::spec
