// SPDX-License-Identifier: Apache-2.0
// asylum-runc pause
#include "runtime/container/verbs/pause.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"

namespace asylum::cli {
namespace {

int run(const Arguments& arguments) {
  container::pause(settings_from(arguments.global), arguments.positional.front());
  return 0;
}

}  // namespace

constinit const Command pause_command{
    .name = "pause",
    .synopsis = "CONTAINER",
    .help = "freeze all processes of a container",
    .description =
        "Freezes every process of a running container through its cgroup, and "
        "returns when all are frozen.",
    .least = 1,
    .most = 1,
    .run = run};

}  // namespace asylum::cli
