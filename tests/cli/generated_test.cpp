// SPDX-License-Identifier: Apache-2.0
// The checked-in manual page and completions are what the tables give. Made anew by:
// ASYLUM_ACCEPT=1 tests_cli --gtest_filter='Generated.*'
#include <gtest/gtest.h>
#include <stdlib.h>

#include <fstream>
#include <iterator>
#include <string>

#include "contrib/docs-tool/completion.h"
#include "contrib/docs-tool/man.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/options/options.h"

namespace asylum::cli {
namespace {

std::string in_contrib(const std::string& name) {
  return std::string(ASYLUM_TEST_DATA) + "/../../contrib/" + name;
}

std::string page_of_tables() {
  std::ifstream file(in_contrib("man/asylum-runc.8.in"));
  return man_page(std::string(std::istreambuf_iterator<char>(file), {}));
}

void expect_checked_in(const std::string& name, const std::string& text) {
  const std::string path = in_contrib(name);
  if (::getenv("ASYLUM_ACCEPT") != nullptr) std::ofstream(path) << text;
  std::ifstream file(path);
  ASSERT_TRUE(file) << path;
  const std::string found{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  EXPECT_EQ(found, text) << name << " differs from the option tables";
}

TEST(Generated, ManualPage) {
  expect_checked_in("man/asylum-runc.8", page_of_tables());
}
TEST(Generated, Bash) {
  expect_checked_in("completions/asylum-runc.bash", bash_completion());
}
TEST(Generated, Zsh) {
  expect_checked_in("completions/_asylum-runc", zsh_completion());
}
TEST(Generated, Fish) {
  expect_checked_in("completions/asylum-runc.fish", fish_completion());
}

TEST(Generated, EveryOptionIsInEach) {
  const std::string page = page_of_tables();
  for (const std::string& script : {bash_completion(), zsh_completion(), fish_completion()}) {
    for (const Command& command : commands()) {
      for (const Option& option : command.options) {
        if (option.hidden) continue;
        EXPECT_NE(script.find(option.name), std::string::npos) << option.name;
      }
    }
  }
  for (const Command& command : commands()) {
    EXPECT_NE(page.find(".SS " + std::string(command.name)), std::string::npos) << command.name;
  }
}

}  // namespace
}  // namespace asylum::cli
