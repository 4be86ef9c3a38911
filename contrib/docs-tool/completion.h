// SPDX-License-Identifier: Apache-2.0
// Scripts of shell completions, from the tables. contrib/completions holds their checked-in copies.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace asylum::cli {

struct Command;

/// What may stand in the place of a value or an argument, as its name in the table says.
enum class Kind : std::uint8_t { nothing, words, file, directory, container, signal, command };
Kind kind_of(std::string_view argument);

/// The words of "text|json".
std::vector<std::string_view> choices_of(std::string_view argument);

/// The positional arguments of a command, without brackets: {"CONTAINER", "SIGNAL"}.
std::vector<std::string_view> arguments_of(const Command& command);

/// Signals that people type.
inline constexpr std::string_view kSignals = "TERM KILL INT HUP QUIT USR1 USR2 STOP CONT WINCH";

std::string bash_completion();
std::string zsh_completion();
std::string fish_completion();

}  // namespace asylum::cli
