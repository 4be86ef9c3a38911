// SPDX-License-Identifier: Apache-2.0
#include <span>

#include "contrib/docs-tool/completion.h"
#include "runtime/base/text.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/options/global_options.h"
#include "runtime/cli/options/options.h"

namespace asylum::cli {
namespace {

constexpr std::string_view kBegin = R"zsh(#compdef asylum-runc
# zsh completion for asylum-runc. Made by: asylum-docs zsh. Do not edit.

_asylum_runc_containers() {
  local -a containers
  containers=(${(f)"$(asylum-runc $asylum_runc_root list --quiet 2>/dev/null)"})
  _describe container containers
}

)zsh";

constexpr std::string_view kEnd = R"zsh(
_asylum_runc "$@"
)zsh";

// Within single quotes; brackets and colons are zsh's own in an option's text.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'') {
      out += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

std::string action_of(std::string_view argument) {
  switch (kind_of(argument)) {
    case Kind::nothing:
      return " ";
    case Kind::words: {
      std::string words;
      for (const std::string_view word : choices_of(argument))
        words += cat(words.empty() ? "" : " ", word);
      return cat("(", words, ")");
    }
    case Kind::file:
      return "_files";
    case Kind::directory:
      return "_files -/";
    case Kind::container:
      return "_asylum_runc_containers";
    case Kind::signal:
      return cat("(", kSignals, ")");
    case Kind::command:
      return "_asylum_runc_commands";
  }
  return " ";
}

// '(-b --bundle)'{-b,--bundle}'[the bundle...]:DIR:_files -/'
std::string row_of(const Option& option) {
  const std::string tail = option.argument.empty()
                               ? cat("[", escaped(option.help), "]'")
                               : cat("[", escaped(option.help), "]:", escaped(option.argument), ":",
                                     action_of(option.argument), "'");
  const std::string_view star = option.repeatable ? "*" : "";
  // = after the name: the value may follow in the same word or in the next.
  const std::string_view equals = option.argument.empty() ? "" : "=";
  if (option.short_name == 0) return cat("'", star, "--", option.name, equals, tail);
  const std::string exclusive =
      option.repeatable ? "'*'" : cat("'(-", option.short_name, " --", option.name, ")'");
  const std::string_view plus = option.argument.empty() ? "" : "+";
  return cat(exclusive, "{-", option.short_name, plus, ",--", option.name, equals, "}'", tail);
}

std::string rows_of(std::span<const Option> options, std::string_view indent) {
  std::string out;
  for (const Option& option : options) {
    if (!option.hidden) out += cat(indent, row_of(option), " \\\n");
  }
  return out + cat(indent, row_of(help_option()));
}

std::string case_of(const Command& command) {
  std::string out = cat("    ", command.name, ")\n      _arguments -s -S \\\n",
                        rows_of(command.options, "        "));
  std::size_t position = 1;
  for (const std::string_view argument : arguments_of(command)) {
    out += cat(" \\\n        '", position++, ":", escaped(argument), ":", action_of(argument), "'");
  }
  return out + "\n      ;;\n";
}

}  // namespace

std::string zsh_completion() {
  std::string names;
  std::string cases;
  for (const Command& command : commands()) {
    names += cat("    '", command.name, ":", escaped(command.help), "'\n");
    cases += case_of(command);
  }
  return cat(
      kBegin, "_asylum_runc_commands() {\n  local -a names\n  names=(\n", names,
      "  )\n  _describe command names\n}\n\n",
      "_asylum_runc() {\n  local curcontext=\"$curcontext\" state line\n  local -a "
      "asylum_runc_root\n"
      "  typeset -A opt_args\n  _arguments -C -s -S \\\n",
      rows_of(global_options(), "    "),
      " \\\n    '1:command:_asylum_runc_commands' \\\n    '*::argument:->arguments' && return\n"
      "  [[ $state == arguments ]] || return\n"
      "  (( $+opt_args[--root] )) && asylum_runc_root=(--root ${(Q)opt_args[--root]})\n"
      "  case $line[1] in\n",
      cases, "  esac\n}\n", kEnd);
}

}  // namespace asylum::cli
