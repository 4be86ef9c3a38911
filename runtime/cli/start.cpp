// SPDX-License-Identifier: Apache-2.0
// asylum-runc start
#include "runtime/cli/commands.h"
#include "runtime/container/start.h"

namespace asylum::cli {

int run_start(const Arguments& arguments) {
  container::start(settings_from(arguments.global), arguments.positional.front());
  return 0;
}

}  // namespace asylum::cli
