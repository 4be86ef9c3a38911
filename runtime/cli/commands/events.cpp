// SPDX-License-Identifier: Apache-2.0
// asylum-runc events
#include <array>

#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/setters.h"
#include "runtime/container/verbs/events.h"

#include "runtime/cli/commands/commands.h"
#include "runtime/cli/options/output.h"

namespace asylum::cli {
namespace {

constexpr std::array kOptions{
    Option{.name = "interval",
           .argument = "DURATION",
           .help = "the time between two records of figures: 500ms, 1m30s (default: 5s)",
           .section = Section::general,
           .set = set_interval},
    Option{.name = "stats",
           .help = "print the figures once and exit",
           .section = Section::general,
           .set = set<&Arguments::events, &container::EventsOptions::once>},
};

int run(const Arguments& arguments) {
  container::EventsOptions options = arguments.events;
  options.id = arguments.positional.front();
  container::events(settings_from(arguments.global), options,
                    [](const std::string& line) { print(line); });
  return 0;
}

}  // namespace

constinit const Command events_command{
    .name = "events",
    .synopsis = "CONTAINER",
    .help = "print what a container uses, at intervals",
    .description =
        "Prints records of JSON, one a line: the container's use of CPU, memory, "
        "processes and devices at every interval, and each process that the kernel kills "
        "for want of memory. Ends with the container's last process.",
    .options = kOptions,
    .least = 1,
    .most = 1,
    .run = run};

}  // namespace asylum::cli
