// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/commands/commands.h"

#include <array>
#include <functional>

namespace asylum::cli {
namespace {

constexpr std::array kCommands{
    std::cref(create_command), std::cref(start_command),   std::cref(run_command),
    std::cref(state_command),  std::cref(kill_command),    std::cref(exec_command),
    std::cref(pause_command),  std::cref(resume_command),  std::cref(ps_command),
    std::cref(update_command), std::cref(mounts_command),  std::cref(events_command),
    std::cref(delete_command), std::cref(list_command),    std::cref(features_command),
    std::cref(spec_command),   std::cref(explain_command), std::cref(help_command)};

}  // namespace

CommandTable commands() {
  return kCommands;
}

}  // namespace asylum::cli
