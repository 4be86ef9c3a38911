// SPDX-License-Identifier: Apache-2.0
// asylum-runc features
#include "runtime/container/host/features.h"
#include "runtime/cli/options/arguments.h"

#include "runtime/cli/commands/commands.h"
#include "runtime/cli/options/output.h"

namespace asylum::cli {
namespace {

int run(const Arguments&) {
  print(spec::write_features(container::features()) + "\n");
  return 0;
}

}  // namespace

constinit const Command features_command{
    .name = "features",
    .help = "print what this program supports as JSON",
    .description =
        "Prints the features structure of the OCI runtime specification: "
        "versions, hooks, mount options, and which parts of the kernel's "
        "interfaces a config may use.",
    .run = run};

}  // namespace asylum::cli
