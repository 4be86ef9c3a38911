// SPDX-License-Identifier: Apache-2.0
#include "contrib/docs-tool/completion.h"

#include "runtime/base/text.h"
#include "runtime/cli/options/options.h"

namespace asylum::cli {

Kind kind_of(std::string_view argument) {
  if (argument.find('|') != std::string_view::npos) return Kind::words;
  if (argument == "DIR") return Kind::directory;
  if (argument == "FILE" || argument == "SOCKET") return Kind::file;
  if (argument == "CONTAINER") return Kind::container;
  if (argument == "SIGNAL") return Kind::signal;
  if (argument == "COMMAND") return Kind::command;
  return Kind::nothing;
}

std::vector<std::string_view> choices_of(std::string_view argument) {
  return split(argument, '|');
}

std::vector<std::string_view> arguments_of(const Command& command) {
  std::vector<std::string_view> out;
  for (std::string_view word : split(command.synopsis, ' ')) {
    if (word.starts_with('[')) word = word.substr(1, word.size() - 2);
    if (!word.empty()) out.push_back(word);
  }
  return out;
}

}  // namespace asylum::cli
