// SPDX-License-Identifier: Apache-2.0
// asylum-runc kill
#include <signal.h>

#include <array>
#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cli/commands/commands.h"
#include "runtime/cli/commands/settings.h"
#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/setters.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/verbs/kill.h"
#include "runtime/sys/signals.h"

namespace asylum::cli {
namespace {

constexpr std::array kOptions{
    Option{.name = "all",
           .short_name = 'a',
           .help = "send the signal to every process of the container",
           .section = Section::process,
           .set = set<&Arguments::kill, &KillOptions::all>},
};

int run(const Arguments& arguments) {
  const container::Settings settings = settings_from(arguments.global);
  int signal = SIGTERM;
  if (arguments.positional.size() > 1) {
    const std::string& name = arguments.positional[1];
    const std::optional<int> number = sys::signal_number(name);
    // Engines know these words.
    if (!number) throw Error(ErrorKind::invalid_usage, cat("unknown signal ", quote(name)));
    signal = *number;
  }
  container::kill(settings, arguments.positional.front(), signal, arguments.kill.all);
  return 0;
}

}  // namespace

constinit const Command kill_command{
    .name = "kill",
    .synopsis = "CONTAINER [SIGNAL]",
    .help = "send a signal to a container",
    .description =
        "Sends SIGNAL to the init process of the container. A signal is a name "
        "with or without SIG, or a "
        "number: TERM (the default), SIGKILL, 9, RTMIN+3.",
    .options = kOptions,
    .least = 1,
    .most = 2,
    .run = run};

}  // namespace asylum::cli
