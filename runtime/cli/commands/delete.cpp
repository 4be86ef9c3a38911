// SPDX-License-Identifier: Apache-2.0
// asylum-runc delete
#include <array>

#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/setters.h"
#include "runtime/container/verbs/remove.h"

namespace asylum::cli {
namespace {

constexpr std::array kOptions{
    Option{
        .name = "force",
        .short_name = 'f',
        .help = "kill the container first if it runs; a container that does not exist is no error",
        .section = Section::process,
        .set = set<&Arguments::remove, &DeleteOptions::force>},
};

int run(const Arguments& arguments) {
  container::remove(settings_from(arguments.global), arguments.positional.front(),
                    arguments.remove.force);
  return 0;
}

}  // namespace

constinit const Command delete_command{
    .name = "delete",
    .synopsis = "CONTAINER",
    .help = "remove a container and all that belongs to it",
    .description =
        "Removes a stopped container: its cgroup and its state; its poststop "
        "hooks run. A created container "
        "is killed first, a running one only with --force, which also "
        "removes one whose state is damaged and says what it could not know.",
    .options = kOptions,
    .least = 1,
    .most = 1,
    .run = run};

}  // namespace asylum::cli
