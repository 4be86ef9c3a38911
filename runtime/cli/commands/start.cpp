// SPDX-License-Identifier: Apache-2.0
// asylum-runc start
#include "runtime/container/verbs/start.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"

namespace asylum::cli {
namespace {

int run(const Arguments& arguments) {
  container::start(settings_from(arguments.global), arguments.positional.front());
  return 0;
}

}  // namespace

constinit const Command start_command{
    .name = "start",
    .synopsis = "CONTAINER",
    .help = "execute the program of a created container",
    .description =
        "Lets the init process of a created container execute the configured program, and "
        "returns when the "
        "program is executing. If it cannot be executed the command fails and says why.",
    .least = 1,
    .most = 1,
    .run = run};

}  // namespace asylum::cli
