// SPDX-License-Identifier: Apache-2.0
// Cli: the words of a command line.
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/options/options.h"
#include "runtime/cli/options/parser.h"
#include "tests/fuzz/reader.h"

namespace asylum::fuzz {
namespace {

// Words on a line each.
void check_arguments(Input input) {
  const std::vector<std::string_view> words = split(input.rest(), '\n');
  cli::Arguments arguments;
  try {
    cli::parse(words, cli::commands(), arguments);
  } catch (const Error& error) {
    require(error.kind == ErrorKind::invalid_usage, "a wrong command line is a mistake of usage");
    return;
  }
  if (arguments.command == nullptr || arguments.help) return;
  const std::size_t count = arguments.positional.size();
  require(count >= arguments.command->least && count <= arguments.command->most,
          "a command has as many arguments as it wants");
  for (const std::string& one : arguments.positional) {
    require(std::find(words.begin(), words.end(), one) != words.end(), "an argument is a word");
  }
}

// The words of the program that exec starts are its own, whatever they look like.
void check_program(Input input) {
  const std::string text(input.rest());
  std::vector<std::string_view> words{"exec", "--tty", "web1", "program"};
  std::vector<std::string> expected{"web1", "program"};
  for (const std::string_view word : split(text, '\n')) {
    words.push_back(word);
    expected.emplace_back(word);
  }
  cli::Arguments arguments;
  cli::parse(words, cli::commands(), arguments);
  require(arguments.positional == expected, "a program's words reach it as they are");
  require(arguments.exec.tty && arguments.exec.cwd.empty() && !arguments.help,
          "a program's words are no options of ours");
}

constexpr Reader kReaders[] = {
    {"arguments", check_arguments},
    {"program", check_program},
};

}  // namespace

std::span<const Reader> readers() {
  return kReaders;
}

}  // namespace asylum::fuzz
