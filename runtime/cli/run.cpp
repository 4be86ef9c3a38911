// SPDX-License-Identifier: Apache-2.0
// asylum-runc run
#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/protect.h"
#include "runtime/container/create_options.h"
#include "runtime/container/run.h"

namespace asylum::cli {

int run_run(const Arguments& arguments) {
  container::CreateOptions options = arguments.create;
  options.id = arguments.positional.front();
  if (options.keep && options.detach) {
    throw Error(ErrorKind::invalid_usage,
                "--keep has no meaning with --detach: nobody would delete the container");
  }
  std::optional<container::Bundle> bundle;
  protect_this_program(arguments, [&] {
    bundle = container::read_bundle(options.bundle, options.config_file);
    return std::optional(bundle->spec);
  });
  return container::run(settings_from(arguments.global), options, std::move(bundle));
}

}  // namespace asylum::cli
