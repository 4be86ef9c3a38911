// SPDX-License-Identifier: Apache-2.0
// asylum-runc create
#include <optional>
#include <utility>

#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/create_options.h"
#include "runtime/cli/commands/protect.h"
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/container/verbs/create.h"
#include "runtime/container/verbs/create_options.h"

namespace asylum::cli {
namespace {

int run(const Arguments& arguments) {
  container::CreateOptions options = arguments.create;
  options.id = arguments.positional.front();
  std::optional<container::Bundle> bundle;
  protect_this_program(arguments, [&] {
    bundle = container::read_bundle(options.bundle, options.config_file);
    return std::optional(bundle->spec);
  });
  container::create(settings_from(arguments.global), options, std::move(bundle));
  return 0;
}

}  // namespace

constinit const Command create_command{
    .name = "create",
    .synopsis = "CONTAINER",
    .help = "create a container, ready to be started",
    .description =
        "Creates the container CONTAINER from a bundle: its namespaces, cgroup, mounts and "
        "devices. Its init "
        "process waits until asylum-runc start lets it execute the program of the config.\n\n"
        "The name may hold letters, digits and the characters _ + . -, and must be unique "
        "below "
        "--root. If "
        "anything fails, nothing remains.",
    .options = kCreateOptions,
    .least = 1,
    .most = 1,
    .run = run};

}  // namespace asylum::cli
