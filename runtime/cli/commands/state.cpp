// SPDX-License-Identifier: Apache-2.0
// asylum-runc state
#include "spec/state.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/output.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/verbs/list.h"

namespace asylum::cli {
namespace {

int run(const Arguments& arguments) {
  const container::Settings settings = settings_from(arguments.global);
  print(spec::write_state(container::state(settings, arguments.positional.front())));
  return 0;
}

}  // namespace

constinit const Command state_command{
    .name = "state",
    .synopsis = "CONTAINER",
    .help = "print the state of a container as JSON",
    .description =
        "Prints the state of a container as the OCI runtime specification describes it: "
        "id, process id, "
        "status (creating, created, running, paused or stopped), bundle and annotations.",
    .least = 1,
    .most = 1,
    .run = run};

}  // namespace asylum::cli
