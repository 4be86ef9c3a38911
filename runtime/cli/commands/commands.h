// SPDX-License-Identifier: Apache-2.0
// The commands of the runtime, one file each: its options, its row, and what it does: parse (done) →
// call the verb → print. A row's function returns the exit code and throws Error.
#pragma once

#include "runtime/cli/options/options.h"

namespace asylum::cli {

extern const Command create_command;
extern const Command start_command;
extern const Command run_command;
extern const Command state_command;
extern const Command kill_command;
extern const Command exec_command;
extern const Command pause_command;
extern const Command resume_command;
extern const Command ps_command;
extern const Command update_command;
extern const Command mounts_command;
extern const Command events_command;
extern const Command delete_command;
extern const Command list_command;
extern const Command features_command;
extern const Command spec_command;
extern const Command explain_command;
extern const Command help_command;

/// All of them, in the order of the help.
CommandTable commands();

}  // namespace asylum::cli
