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
    R"(# fish completion for asylum-runc. Made from the option tables by: asylum-docs fish. Do not edit.

# Prints the command on the line and the words after it that are no options; fails if there is no command yet.
function __asylum_runc_words
    set -l pending 0
    set -l command
    for word in (commandline -opc)[2..-1]
        if test $pending = 1
            set pending 0
            continue
        end
        switch "$command:$word"
            case @VALUES@
                set pending 1
            case '*:-*'
            case '*'
                test -n "$command"; or set command $word
                echo $word
        end
    end
    test -n "$command"
end

# Succeeds if the command is COMMAND.
function __asylum_runc_is
    set -l words (__asylum_runc_words)
    test "$words[1]" = $argv[1]
end

# Succeeds if the command is COMMAND and argument number N (from 0) comes next.
function __asylum_runc_next
    set -l words (__asylum_runc_words)
    test "$words[1]" = $argv[1]; and test (count $words) = (math $argv[2] + 1)
end

function __asylum_runc_containers
    set -l root
    set -l words (commandline -opc)
    for i in (seq (count $words))
        switch $words[$i]
            case --root
                set root --root $words[(math $i + 1)]
            case '--root=*'
                set root $words[$i]
        end
    end
    asylum-runc $root list --quiet 2>/dev/null
end

complete -c asylum-runc -f
)";

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c;
  }
  return out + "'";
}

std::string words_of_commands() {
  std::string out;
  for (const Command& command : commands()) {
    out += cat(out.empty() ? "" : " ", command.name);
  }
  return out;
}

std::string action_of(std::string_view argument) {
  switch (kind_of(argument)) {
    case Kind::nothing:
      return "";
    case Kind::words: {
      std::string words;
      for (const std::string_view word : choices_of(argument))
        words += cat(words.empty() ? "" : " ", word);
      return cat(" -a ", quoted(words));
    }
    case Kind::file:
      return " -F";
    case Kind::directory:
      return " -a '(__fish_complete_directories)'";
    case Kind::container:
      return " -a '(__asylum_runc_containers)'";
    case Kind::signal:
      return cat(" -a ", quoted(kSignals));
    case Kind::command:
      return cat(" -a ", quoted(words_of_commands()));
  }
  return "";
}

std::string line_of(std::string_view condition, const Option& option) {
  std::string out = cat("complete -c asylum-runc -n ", quoted(condition), " -l ", option.name);
  if (option.short_name != 0) out += cat(" -s ", option.short_name);
  const bool file = kind_of(option.argument) == Kind::file;
  if (!option.argument.empty()) out += cat(file ? " -r" : " -x", action_of(option.argument));
  return cat(out, " -d ", quoted(option.help), "\n");
}

std::string lines_of(std::string_view condition, std::span<const Option> options) {
  std::string out;
  for (const Option& option : options) {
    if (!option.hidden) out += line_of(condition, option);
  }
  return out + line_of(condition, help_option());
}

// The spellings after which a value follows as a word of its own: ":--root", "create:-b".
std::string spellings_with_value() {
  std::string out;
  const auto add = [&out](std::string_view command, std::span<const Option> options) {
    for (const Option& option : options) {
      if (option.argument.empty() || option.hidden) continue;
      out += cat(out.empty() ? "" : " ", command, ":--", option.name);
      if (option.short_name != 0) out += cat(" ", command, ":-", option.short_name);
    }
  };
  add("", global_options());
  for (const Command& command : commands()) add(command.name, command.options);
  return out;
}

}  // namespace

std::string fish_completion() {
  std::string out(kBegin);
  const std::string_view place = "@VALUES@";
  out.replace(out.find(place), place.size(), spellings_with_value());
  const std::string_view no_command = "not __asylum_runc_words >/dev/null";
  out += lines_of(no_command, global_options());
  for (const Command& command : commands()) {
    out += cat("complete -c asylum-runc -n ", quoted(no_command), " -a ", command.name, " -d ",
               quoted(command.help), "\n");
    out += lines_of(cat("__asylum_runc_is ", command.name), command.options);
    std::size_t position = 0;
    for (const std::string_view argument : arguments_of(command)) {
      const std::string action = action_of(argument);
      const std::string condition = cat("__asylum_runc_next ", command.name, " ", position++);
      if (!action.empty())
        out += cat("complete -c asylum-runc -n ", quoted(condition), action, "\n");
    }
  }
  return out;
}

}  // namespace asylum::cli
