// SPDX-License-Identifier: Apache-2.0
// The tables themselves: nothing missing, nothing twice, and every setter takes what its row
// promises.
#include <gtest/gtest.h>

#include <set>
#include <span>
#include <string>
#include <string_view>

#include "contrib/docs-tool/completion.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/global_options.h"
#include "runtime/cli/options/help.h"
#include "runtime/cli/options/options.h"

namespace asylum::cli {
namespace {

void expect_consistent(const Option& option) {
  SCOPED_TRACE(std::string(option.name));
  EXPECT_FALSE(option.name.empty());
  EXPECT_FALSE(option.help.empty());
  EXPECT_FALSE(option.help.ends_with('.'));
  ASSERT_NE(option.set, nullptr);
  Arguments arguments;
  if (option.argument.empty()) {
    EXPECT_TRUE(option.set(arguments, "true"));
    EXPECT_FALSE(option.set(arguments, "perhaps"));
    return;
  }
  if (kind_of(option.argument) == Kind::words) {
    for (const std::string_view word : choices_of(option.argument)) {
      EXPECT_TRUE(option.set(arguments, word)) << word;
    }
    EXPECT_FALSE(option.set(arguments, "perhaps"));
    return;
  }
  EXPECT_TRUE(option.set(arguments, "1"));
  EXPECT_FALSE(option.set(arguments, ""));
}

void expect_consistent(std::span<const Option> table) {
  std::set<std::string_view> names{help_option().name};
  std::set<char> short_names{help_option().short_name};
  for (const Option& option : table) {
    expect_consistent(option);
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    if (option.short_name != 0) {
      EXPECT_TRUE(short_names.insert(option.short_name).second) << option.name;
    }
  }
}

TEST(Tables, GlobalOptions) {
  expect_consistent(global_options());
}

TEST(Tables, Commands) {
  std::set<std::string_view> names;
  for (const Command& command : commands()) {
    SCOPED_TRACE(std::string(command.name));
    EXPECT_TRUE(names.insert(command.name).second);
    EXPECT_FALSE(command.help.empty());
    EXPECT_TRUE(command.description.ends_with('.'));
    EXPECT_NE(command.run, nullptr);
    EXPECT_LE(command.least, command.most);
    if (command.most == ~0U) {
      EXPECT_TRUE(command.synopsis.ends_with("...]"));
    } else {
      EXPECT_EQ(arguments_of(command).size(), command.most);
    }
    expect_consistent(command.options);
  }
}

TEST(Tables, HelpNamesEveryOptionAndCommand) {
  const std::string program = help_of_program(commands());
  for (const Option& option : global_options()) {
    EXPECT_NE(program.find(spelling_of(option)), std::string::npos) << option.name;
  }
  for (const Command& command : commands()) {
    { EXPECT_NE(program.find(command.help), std::string::npos) << command.name; }
    const std::string help = help_of(command);
    EXPECT_TRUE(help.starts_with(usage_of(command)));
    for (const Option& option : command.options) {
      const bool shown = help.find(spelling_of(option)) != std::string::npos;
      EXPECT_EQ(shown, !option.hidden) << option.name;
    }
  }
}

TEST(Tables, HelpFitsATerminal) {
  std::string all = help_of_program(commands());
  for (const Command& command : commands()) all += help_of(command);
  std::size_t begin = 0;
  while (begin < all.size()) {
    const std::size_t end = all.find('\n', begin);
    EXPECT_LE(end - begin, 80U) << all.substr(begin, end - begin);
    begin = end + 1;
  }
}

}  // namespace
}  // namespace asylum::cli
