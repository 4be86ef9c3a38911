// SPDX-License-Identifier: Apache-2.0
// asylum-runc resume
#include "runtime/cli/commands.h"
#include "runtime/container/pause.h"

namespace asylum::cli {

int run_resume(const Arguments& arguments) {
  container::resume(settings_from(arguments.global), arguments.positional.front());
  return 0;
}

}  // namespace asylum::cli
