// SPDX-License-Identifier: Apache-2.0
// The program's environment.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asylum::process {

/// The value of a variable in "KEY=value" entries; nothing if it is not there. Pure.
std::optional<std::string_view> find_variable(const std::vector<std::string>& environment,
                                              std::string_view key);

}  // namespace asylum::process
