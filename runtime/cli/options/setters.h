// SPDX-License-Identifier: Apache-2.0
// From the text of a value to its typed place. A table's row names the place:
// set<&Arguments::create, &container::CreateOptions::bundle>.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/cli/options/arguments.h"

namespace asylum::cli {

/// One conversion for each type of field; false if `value` is not one of the type's.
bool assign(bool& field,
            std::string_view value);  // true false 1 0 t f ..., as Go's flag package reads
bool assign(std::string& field, std::string_view value);       // anything but ""
bool assign(std::string_view& field, std::string_view value);  // the word itself; anything but ""
bool assign(std::uint32_t& field, std::string_view value);
bool assign(std::vector<std::string>& field, std::string_view value);    // appends
bool assign(std::vector<std::uint32_t>& field, std::string_view value);  // appends
bool assign(std::optional<std::uint64_t>& field, std::string_view value);
bool assign(std::optional<std::int64_t>& field, std::string_view value);
/// "512m", "-1".
bool assign(std::optional<container::ByteCount>& field, std::string_view value);
bool assign(log::Format& field, std::string_view value);
bool assign(log::Level& field, std::string_view value);
bool assign(CgroupManager& field, std::string_view value);
bool assign(Rootless& field, std::string_view value);
bool assign(ListFormat& field, std::string_view value);
bool assign(ExplainFormat& field, std::string_view value);

/// The setter of one field of one part of Arguments.
template <auto Part, auto Field>
bool set(Arguments& arguments, std::string_view value) {
  return assign((arguments.*Part).*Field, value);
}

/// The same for a field of Arguments itself.
template <auto Field>
bool set(Arguments& arguments, std::string_view value) {
  return assign(arguments.*Field, value);
}

/// --interval: "5s", "1m30s", "5" (seconds). Whether it is above zero is for the command to say, in
/// runc's words.
bool set_interval(Arguments& arguments, std::string_view value);

/// --timeout: a duration above zero.
bool set_timeout(Arguments& arguments, std::string_view value);

/// --root also notes that it was given: a missing directory is an error then.
/// Appends to the variables of exec; the value is nobody else's to read.
bool set_exec_env(Arguments& arguments, std::string_view value);
bool set_root(Arguments& arguments, std::string_view value);

}  // namespace asylum::cli
