// SPDX-License-Identifier: Apache-2.0
// The program's environment: the config's, with HOME looked up where it is missing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asylum::process {

/// The value of a variable in "KEY=value" entries; nothing if it is not there. Pure.
std::optional<std::string_view> find_variable(const std::vector<std::string>& environment,
                                              std::string_view key);

/// The home directory of `uid` in the text of an /etc/passwd; nothing if there is no such line.
/// Broken lines are skipped. Pure. Source: passwd(5).
std::optional<std::string> home_in_passwd(std::string_view passwd, std::uint32_t uid);

}  // namespace asylum::process
