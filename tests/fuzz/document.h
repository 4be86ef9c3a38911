// SPDX-License-Identifier: Apache-2.0
// A JSON document out of an input, or nothing: for the checks of what is read from documents.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/error.h"
#include "spec/json/tree.h"
#include "tests/fuzz/reader.h"

namespace asylum::fuzz {

/// What is no document is refused with a place that the text has.
inline std::optional<spec::Document> try_document(std::string_view text) {
  try {
    return spec::parse_document(std::string(text));
  } catch (const Error& error) {
    require(error.kind == ErrorKind::invalid_config, "a wrong document is the config's fault");
    const auto lines = 1 + std::count(text.begin(), text.end(), '\n');
    require(error.line >= 1 && error.line <= lines && error.column >= 1 &&
                error.column <= text.size() + 1,
            "what is wrong with a document has a place in it");
    return std::nullopt;
  }
}

}  // namespace asylum::fuzz
