// SPDX-License-Identifier: Apache-2.0
// asylum-runc pause
#include "runtime/container/pause.h"
#include "runtime/cli/commands.h"

namespace asylum::cli {

int run_pause(const Arguments& arguments) {
  container::pause(settings_from(arguments.global), arguments.positional.front());
  return 0;
}

}  // namespace asylum::cli
