// SPDX-License-Identifier: Apache-2.0
// A JSON document as a tree that knows where each value stands in the text. Refuses what a config
// must not be doubtful about: duplicate keys, NUL bytes, depth over 64, more than 16 MiB
// (kLargestDocument) or 2^18 values.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asylum::spec {

/// Bytes. Who reads a document from a file need read no more.
inline constexpr std::size_t kLargestDocument = 16U << 20;

enum class JsonType : std::uint8_t {
  null,
  boolean,
  integer,    // a negative whole number that fits int64
  unsigned_,  // a whole number that fits uint64
  real,       // a fraction, an exponent, or a whole number too large for uint64
  text,
  array,
  object,
};

struct JsonValue {
  JsonType type = JsonType::null;
  bool boolean = false;
  std::uint32_t begin = 0;  // byte offsets of the value's own text, [begin, end)
  std::uint32_t end = 0;
  std::uint32_t key_begin = 0;  // of the key in front of it, when a member of an object
  std::int64_t integer = 0;
  std::uint64_t unsigned_ = 0;
  double real = 0;
  std::string text;                 // unescaped
  std::string key;                  // unescaped; a member of an object has one
  std::vector<JsonValue> children;  // of an array or object, in the document's order

  const JsonValue* member(std::string_view name) const;
};

struct Document {
  std::string text;
  JsonValue root;

  std::string_view text_of(const JsonValue& value) const {
    return std::string_view(text).substr(value.begin, value.end - value.begin);
  }
};

/// Throws Error{invalid_config} with line and column (and the pointer of the nearest value) for
/// text that is not one JSON document or breaks the limits above.
Document parse_document(std::string text);

}  // namespace asylum::spec
