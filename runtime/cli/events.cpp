// SPDX-License-Identifier: Apache-2.0
// asylum-runc events
#include "runtime/container/events.h"

#include "runtime/cli/commands.h"
#include "runtime/cli/output.h"

namespace asylum::cli {

int run_events(const Arguments& arguments) {
  container::EventsOptions options = arguments.events;
  options.id = arguments.positional.front();
  container::events(settings_from(arguments.global), options,
                    [](const std::string& line) { print(line); });
  return 0;
}

}  // namespace asylum::cli
