// SPDX-License-Identifier: Apache-2.0
// asylum-runc state
#include "runtime/container/list.h"
#include "runtime/container/settings.h"
#include "spec/state.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/output.h"

namespace asylum::cli {

int run_state(const Arguments& arguments) {
  const container::Settings settings = settings_from(arguments.global);
  print(spec::write_state(container::state(settings, arguments.positional.front())));
  return 0;
}

}  // namespace asylum::cli
