// SPDX-License-Identifier: Apache-2.0
// What a row of the option tables says: the one source of parsing, --help, the man page and the shell completions.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

namespace asylum::cli {

struct Arguments;

/// The heading under which help and man page show an option.
enum class Section : std::uint8_t {
  general,
  logging,
  state,
  cgroups,
  bundle,
  input_output,
  process
};

/// Stores a converted value in its typed place; false if the text is no such value. See setters.h.
using Setter = bool (*)(Arguments& arguments, std::string_view value);

struct Option {
  std::string_view name;      // without dashes: "bundle"
  char short_name = 0;        // 'b'; 0 = none
  std::string_view argument;  // "DIR", "text|json" (the allowed words); "" = a switch
  std::string_view help;      // one sentence, lower case, without full stop
  Section section = Section::general;
  Setter set = nullptr;
  std::string_view complaint;  // begins the error for a bad value where engines know runc's words
  bool repeatable = false;     // else the last one wins
  bool hidden = false;         // parsed, but not shown
};

struct Command {
  std::string_view name;
  std::string_view synopsis;     // the positional arguments: "CONTAINER [SIGNAL]"
  std::string_view help;         // one sentence for lists of commands
  std::string_view description;  // paragraphs for --help and the man page, separated by empty lines
  std::span<const Option> options;
  std::uint32_t least = 0;  // positional arguments
  std::uint32_t most = 0;
  bool tail_is_program =
      false;  // options end at the first positional argument: the rest is the program's
  bool shows_details = false;  // a failure shows all that was found, not only on a terminal
  int failure_code = 1;        // what a failure of ours exits with
  int (*run)(const Arguments& arguments) = nullptr;  // returns the exit code
};

/// The commands of one face of the program: commands/commands.h has the runtime's.
using CommandTable = std::span<const std::reference_wrapper<const Command>>;

/// nullptr if there is none.
const Command* find_command(CommandTable table, std::string_view name);
const Option* find_option(std::span<const Option> table, std::string_view name);
const Option* find_option(std::span<const Option> table, char short_name);

}  // namespace asylum::cli
