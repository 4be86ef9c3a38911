// SPDX-License-Identifier: Apache-2.0
// --help, from the tables. Pure but for help's own command.
#pragma once

#include <string>

#include "runtime/cli/options/options.h"

namespace asylum::cli {

/// The whole program.
std::string help_of_program(CommandTable commands);
/// One command.
std::string help_of(const Command& command);
/// "Usage: asylum-runc kill [options] CONTAINER [SIGNAL]"
std::string usage_of(const Command& command);
/// "-b, --bundle DIR"
std::string spelling_of(const Option& option);

}  // namespace asylum::cli
