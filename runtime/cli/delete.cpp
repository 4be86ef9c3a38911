// SPDX-License-Identifier: Apache-2.0
// asylum-runc delete
#include "runtime/cli/commands.h"
#include "runtime/container/remove.h"

namespace asylum::cli {

int run_delete(const Arguments& arguments) {
  container::remove(settings_from(arguments.global), arguments.positional.front(),
                    arguments.remove.force);
  return 0;
}

}  // namespace asylum::cli
