// SPDX-License-Identifier: Apache-2.0
// asylum-runc update
#include "runtime/container/update.h"

#include "runtime/cli/commands.h"

namespace asylum::cli {

int run_update(const Arguments& arguments) {
  container::UpdateOptions options = arguments.update;
  options.id = arguments.positional.front();
  container::update(settings_from(arguments.global), options);
  return 0;
}

}  // namespace asylum::cli
