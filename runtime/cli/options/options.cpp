// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/options/options.h"

namespace asylum::cli {

const Command* find_command(CommandTable table, std::string_view name) {
  for (const Command& command : table) {
    if (command.name == name) return &command;
  }
  return nullptr;
}

const Option* find_option(std::span<const Option> table, std::string_view name) {
  for (const Option& option : table) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

const Option* find_option(std::span<const Option> table, char short_name) {
  for (const Option& option : table) {
    if (option.short_name == short_name) return &option;
  }
  return nullptr;
}

}  // namespace asylum::cli
