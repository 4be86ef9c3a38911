// SPDX-License-Identifier: Apache-2.0
// asylum-runc create
#include <optional>
#include <utility>

#include "runtime/cli/commands.h"
#include "runtime/cli/protect.h"
#include "runtime/container/create.h"
#include "runtime/container/create_options.h"

namespace asylum::cli {

int run_create(const Arguments& arguments) {
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

}  // namespace asylum::cli
