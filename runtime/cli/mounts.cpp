// SPDX-License-Identifier: Apache-2.0
// asylum-runc mounts
#include "runtime/container/mounts.h"

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/protect.h"
#include "runtime/container/saved_config.h"
#include "runtime/container/settings.h"

namespace asylum::cli {

int run_mounts(const Arguments& arguments) {
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

}  // namespace asylum::cli
