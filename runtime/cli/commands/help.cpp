// SPDX-License-Identifier: Apache-2.0
// asylum-runc help [COMMAND]
#include "runtime/cli/options/help.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/options.h"
#include "runtime/cli/options/output.h"

namespace asylum::cli {
namespace {

int run(const Arguments& arguments) {
  if (arguments.positional.empty()) {
    print(help_of_program(commands()));
    return 0;
  }
  const std::string& name = arguments.positional.front();
  const Command* command = find_command(commands(), name);
  if (command == nullptr)
    throw Error(ErrorKind::invalid_usage, cat("unknown command ", quote(name)));
  print(help_of(*command));
  return 0;
}

}  // namespace

constinit const Command help_command{.name = "help",
                                     .synopsis = "[COMMAND]",
                                     .help = "show the help of the program or of a command",
                                     .description = "Shows the same text as COMMAND --help.",
                                     .most = 1,
                                     .run = run};

}  // namespace asylum::cli
