// SPDX-License-Identifier: Apache-2.0
// asylum-docs: makes the manual page and the shell completions from the option tables.
//   asylum-docs man <contrib/man/asylum-runc.8.in
//   asylum-docs bash|zsh|fish
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>

#include "contrib/docs-tool/completion.h"
#include "contrib/docs-tool/man.h"

namespace {

std::string text_of(std::string_view what) {
  namespace cli = asylum::cli;
  if (what == "bash") return cli::bash_completion();
  if (what == "zsh") return cli::zsh_completion();
  if (what == "fish") return cli::fish_completion();
  if (what != "man") return {};
  const std::string prose{std::istreambuf_iterator<char>(std::cin),
                          std::istreambuf_iterator<char>()};
  return cli::man_page(prose);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string text = argc == 2 ? text_of(argv[1]) : std::string();
  if (text.empty()) {
    std::cerr << "usage: asylum-docs man <PROSE | bash | zsh | fish\n";
    return 2;
  }
  std::cout << text << std::flush;
  return std::cout ? 0 : 1;
}
