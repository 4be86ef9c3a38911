// SPDX-License-Identifier: Apache-2.0
#include <span>

#include "contrib/docs-tool/completion.h"
#include "runtime/base/text.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/options/global_options.h"
#include "runtime/cli/options/options.h"

namespace asylum::cli {
namespace {

constexpr std::string_view kBegin =
    R"bash(# bash completion for asylum-runc. Made by: asylum-docs bash. Do not edit.

# _asylum_runc_words WORDS: those that begin with the word at the cursor.
_asylum_runc_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }

_asylum_runc_files() {
  compopt -o filenames
  mapfile -t COMPREPLY < <(compgen "$1" -- "$current")
}

_asylum_runc_containers() {
  _asylum_runc_words "$(asylum-runc "${root[@]}" list --quiet 2>/dev/null)"
}

)bash";

constexpr std::string_view kEnd = R"bash(_asylum_runc() {
  local current=${COMP_WORDS[COMP_CWORD]} command='' pending='' position=0 i word
  local -a root=()
  COMPREPLY=()
  # readline makes three words of --name=value.
  [[ $current == '=' ]] && current=''
  for ((i = 1; i < COMP_CWORD; ++i)); do
    word=${COMP_WORDS[i]}
    if [[ $word == '=' ]]; then
      continue
    elif [[ -n $pending ]]; then
      [[ $pending == --root ]] && root=(--root "$word")
      pending=''
    elif [[ $word == -* ]]; then
      _asylum_runc_takes_value "$command:$word" && pending=$word
    elif [[ -z $command ]]; then
      command=$word
    else
      ((++position))
    fi
  done
  if [[ -n $pending ]]; then
    _asylum_runc_value "$command:$pending"
  elif [[ $current == -* ]]; then
    _asylum_runc_options "$command"
  else
    _asylum_runc_argument "$command:$position"
  fi
}

complete -F _asylum_runc asylum-runc
)bash";

std::string action_of(std::string_view argument) {
  switch (kind_of(argument)) {
    case Kind::nothing:
      return ":";
    case Kind::words: {
      std::string words;
      for (const std::string_view word : choices_of(argument))
        words += cat(words.empty() ? "" : " ", word);
      return cat("_asylum_runc_words '", words, "'");
    }
    case Kind::file:
      return "_asylum_runc_files -f";
    case Kind::directory:
      return "_asylum_runc_files -d";
    case Kind::container:
      return "_asylum_runc_containers";
    case Kind::signal:
      return cat("_asylum_runc_words '", kSignals, "'");
    case Kind::command:
      return "_asylum_runc_words \"$_asylum_runc_commands\"";
  }
  return ":";
}

// "create:--bundle | create:-b"
std::string pattern_of(std::string_view command, const Option& option) {
  std::string out = cat(command, ":--", option.name);
  if (option.short_name != 0) out += cat(" | ", command, ":-", option.short_name);
  return out;
}

std::string options_line(std::string_view command, std::span<const Option> options) {
  std::string words;
  for (const Option& option : options) {
    if (!option.hidden) words += cat("--", option.name, " ");
  }
  return cat("    ", command.empty() ? "''" : command, ") _asylum_runc_words '", words,
             "--help' ;;\n");
}

std::string value_lines(std::string_view command, std::span<const Option> options,
                        bool with_action) {
  std::string out;
  for (const Option& option : options) {
    if (option.argument.empty() || option.hidden) continue;
    out += cat("    ", pattern_of(command, option), ") ",
               with_action ? action_of(option.argument) : "return 0", " ;;\n");
  }
  return out;
}

std::string argument_lines(const Command& command) {
  std::string out;
  std::size_t position = 0;
  for (const std::string_view argument : arguments_of(command)) {
    out += cat("    ", command.name, ":", position++, ") ", action_of(argument), " ;;\n");
  }
  return out;
}

std::string function(std::string_view name, std::string_view lines, std::string_view end = "") {
  return cat(name, "() {\n  case $1 in\n", lines, "  esac\n", end, "}\n\n");
}

}  // namespace

std::string bash_completion() {
  std::string names;
  std::string options = options_line("", global_options());
  std::string takes = value_lines("", global_options(), false);
  std::string values = value_lines("", global_options(), true);
  std::string arguments = "    :0) _asylum_runc_words \"$_asylum_runc_commands\" ;;\n";
  for (const Command& command : commands()) {
    names += cat(names.empty() ? "" : " ", command.name);
    options += options_line(command.name, command.options);
    takes += value_lines(command.name, command.options, false);
    values += value_lines(command.name, command.options, true);
    arguments += argument_lines(command);
  }
  return cat(
      kBegin, "_asylum_runc_commands='", names, "'\n\n", function("_asylum_runc_options", options),
      function("_asylum_runc_takes_value", takes, "  return 1\n"),
      function("_asylum_runc_value", values), function("_asylum_runc_argument", arguments), kEnd);
}

}  // namespace asylum::cli
