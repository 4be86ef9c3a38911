// SPDX-License-Identifier: Apache-2.0
// Where things are in a document: by pointer, by line and column.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "spec/json/tree.h"

namespace asylum::spec {

struct Position {
  std::uint32_t line = 0;  // both 1-based; the column counts bytes
  std::uint32_t column = 0;
  bool operator==(const Position&) const = default;
};

Position position_of(std::string_view text, std::size_t offset);

/// The value at an RFC 6901 pointer, or null.
const JsonValue* find(const JsonValue& root, std::string_view pointer);

/// Where the value at `pointer` begins (a member: its key); of an absent one the nearest ancestor
/// that is there.
Position locate(const Document& document, std::string_view pointer);

}  // namespace asylum::spec
