// SPDX-License-Identifier: Apache-2.0
// asylum-runc kill
#include <signal.h>

#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cli/commands.h"
#include "runtime/container/kill.h"
#include "runtime/container/settings.h"
#include "runtime/sys/signals.h"

namespace asylum::cli {

int run_kill(const Arguments& arguments) {
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

}  // namespace asylum::cli
