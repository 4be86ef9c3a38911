// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/options/help.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/cli/options/global_options.h"
#include "runtime/cli/options/options.h"
#include "runtime/cli/options/output.h"

namespace asylum::cli {
namespace {

constexpr std::size_t kHelpColumn = 26;

// "  -b, --bundle DIR        the bundle…", the help below the spelling where that is too long.
std::string row(std::string_view left, std::string_view help) {
  std::string out = cat("  ", left);
  if (out.size() + 2 > kHelpColumn) out += '\n';
  const std::size_t last_line = out.back() == '\n' ? 0 : out.size();
  out.append(kHelpColumn - last_line, ' ');
  return cat(out, wrap(help, kHelpColumn), "\n");
}

std::string rows_of(std::span<const Option> options) {
  std::string out;
  for (const Option& option : options) {
    if (option.hidden) continue;
    out += row(spelling_of(option), option.repeatable
                                        ? cat(option.help, " (may be given several times)")
                                        : std::string(option.help));
  }
  return out + row(spelling_of(help_option()), help_option().help);
}

}  // namespace

std::string spelling_of(const Option& option) {
  std::string out = option.short_name != 0 ? cat("-", option.short_name, ", ") : "    ";
  out += cat("--", option.name);
  if (!option.argument.empty()) out += cat(" ", option.argument);
  return out;
}

std::string usage_of(const Command& command) {
  std::string out = cat("Usage: asylum-runc ", command.name);
  if (!command.options.empty()) out += " [options]";
  if (!command.synopsis.empty()) out += cat(" ", command.synopsis);
  return out;
}

std::string help_of_program(CommandTable commands) {
  std::string out =
      "Usage: asylum-runc [global options] COMMAND [options] [arguments]\n\n"
      "Runs containers as the OCI runtime specification describes them, with the\n"
      "command line of runc.\n\nCommands:\n";
  for (const Command& command : commands) out += row(command.name, command.help);
  return cat(out, "\nGlobal options:\n", rows_of(global_options()),
             "\nasylum-runc COMMAND --help says more about a command, asylum-runc(8) about all.\n");
}

std::string help_of(const Command& command) {
  std::string out = cat(usage_of(command), "\n");
  std::string_view rest = command.description;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find("\n\n"), rest.size());
    out += cat("\n", wrap(rest.substr(0, end), 0), "\n");
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  return cat(out, "\nOptions:\n", rows_of(command.options));
}

}  // namespace asylum::cli
