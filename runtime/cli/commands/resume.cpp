// SPDX-License-Identifier: Apache-2.0
// asylum-runc resume
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/container/verbs/pause.h"

namespace asylum::cli {
namespace {

int run(const Arguments& arguments) {
  container::resume(settings_from(arguments.global), arguments.positional.front());
  return 0;
}

}  // namespace

constinit const Command resume_command{
    .name = "resume",
    .synopsis = "CONTAINER",
    .help = "let the processes of a paused container run on",
    .description = "Lets the processes of a paused container run on.",
    .least = 1,
    .most = 1,
    .run = run};

}  // namespace asylum::cli
