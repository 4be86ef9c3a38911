// SPDX-License-Identifier: Apache-2.0
// asylum-runc create
#include "runtime/cli/commands.h"
#include "runtime/cli/protect.h"

namespace asylum::cli {

int run_create(const Arguments& arguments) {
  protect_this_program(arguments);
  container::CreateOptions options = arguments.create;
  options.id = arguments.positional.front();
  container::create(settings_from(arguments.global), options);
  return 0;
}

}  // namespace asylum::cli
