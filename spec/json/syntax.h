// SPDX-License-Identifier: Apache-2.0
// Plain words for text that is not JSON: what stands there, and what should.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace asylum::spec {

/// What the parser had last understood.
enum class JsonPlace {
  document_start,
  document_end,
  object_start,
  object_key,     // a key was read, its colon and value were not
  object_member,  // a member is complete
  array_start,
  array_item,  // an item is complete
};

struct SyntaxProblem {
  std::size_t offset = 0;
  std::string text;  // `expected a comma or "}", found "x"`
};

/// `last_end` is the byte offset behind what was last understood.
SyntaxProblem explain_syntax(std::string_view text, std::size_t last_end, JsonPlace place);

/// Over white space, and over a byte order mark at the very beginning.
std::size_t skip_blank(std::string_view text, std::size_t offset);

}  // namespace asylum::spec
