// SPDX-License-Identifier: Apache-2.0
// asylum-runc exec
#include "runtime/container/exec.h"

#include <utility>

#include "runtime/base/error.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/protect.h"
#include "runtime/container/saved_config.h"
#include "runtime/container/settings.h"

namespace asylum::cli {

int run_exec(const Arguments& arguments) {
  container::ExecOptions options = arguments.exec;
  options.id = arguments.positional.front();
  options.args.assign(arguments.positional.begin() + 1, arguments.positional.end());
  if (options.process_file.empty() && options.args.empty()) {
    throw Error(ErrorKind::invalid_usage, "args must not be empty: name the program to execute");
  }
  if (options.timeout_ns > 0 && options.detach) {
    throw Error(ErrorKind::invalid_usage,
                "--timeout has no meaning with --detach: nobody would be there to end the process");
  }
  container::Settings settings = settings_from(arguments.global);
  protect_this_program(arguments,
                       [&] { return container::try_read_saved_spec(settings, options.id); });
  return container::exec(std::move(settings), options);
}

}  // namespace asylum::cli
