// SPDX-License-Identifier: Apache-2.0
// asylum-runc help [COMMAND]
#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/help.h"
#include "runtime/cli/options.h"
#include "runtime/cli/output.h"

namespace asylum::cli {

int run_help(const Arguments& arguments) {
  if (arguments.positional.empty()) {
    print(help_of_program());
    return 0;
  }
  const std::string& name = arguments.positional.front();
  const Command* command = find_command(name);
  if (command == nullptr)
    throw Error(ErrorKind::invalid_usage, cat("unknown command ", quote(name)));
  print(help_of(*command));
  return 0;
}

}  // namespace asylum::cli
