// SPDX-License-Identifier: Apache-2.0
// asylum-runc mounts
#include "runtime/container/verbs/mounts.h"
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/protect.h"
#include "runtime/container/state/saved_config.h"
#include "runtime/container/state/settings.h"

namespace asylum::cli {
namespace {

int run(const Arguments& arguments) {
  const std::string& verb = arguments.positional[0];
  const bool adds = verb == "add";
  if (!adds && verb != "remove") {
    throw Error(ErrorKind::invalid_usage, cat("mounts ", quote(verb), ": must be add or remove"));
  }
  const container::MountsOptions options{arguments.positional[1], arguments.positional[2]};
  const container::Settings settings = settings_from(arguments.global);
  // A process of ours enters the container.
  protect_this_program(arguments,
                       [&] { return container::try_read_saved_spec(settings, options.id); });
  adds ? container::add_mounts(settings, options) : container::remove_mounts(settings, options);
  return 0;
}

}  // namespace

constinit const Command mounts_command{
    .name = "mounts",
    .synopsis = "add|remove CONTAINER FILE",
    .help = "add or remove mounts of a running container",
    .description =
        "Makes the mounts of FILE in a container that was created or runs: an array of "
        "mounts as /mounts of config.json, or - for standard input. Either all are made "
        "or none. Sources are paths of the host; relative ones begin at the bundle. They "
        "end with the container.\n\nmounts remove takes away what is mounted on the "
        "destinations of FILE, the last one first.",
    .least = 3,
    .most = 3,
    .run = run};

}  // namespace asylum::cli
