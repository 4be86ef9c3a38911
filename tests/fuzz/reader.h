// SPDX-License-Identifier: Apache-2.0
// What a layer's fuzz target is made of: a table of readers, each with a check of what must hold of
// it whatever the bytes are.
#pragma once

#include <span>
#include <string_view>

#include "tests/fuzz/input.h"

namespace asylum::fuzz {

/// One reader of bytes from outside. An input whose first line is `name` is given to `check`
/// without that line, so a seed says in words which reader it is for.
struct Reader {
  std::string_view name;
  void (*check)(Input input);
};

/// The layer's table. An input that names no reader belongs, whole, to the first: a config.json is
/// a seed as it is.
std::span<const Reader> readers();

/// Ends the program where libFuzzer and a test both see it. `promise` says what was broken.
void require(bool holds, std::string_view promise);

/// Whether an input is replayed as a test: then checks try all their variants, where a fuzzer takes
/// one by the input and has ten times as many inputs.
bool is_replay();

}  // namespace asylum::fuzz
