// SPDX-License-Identifier: Apache-2.0
// The options that stand before the command, and --help, which stands everywhere.
#pragma once

#include <span>

#include "runtime/cli/options/options.h"

namespace asylum::cli {

std::span<const Option> global_options();

/// `--help` belongs to the program and to each command without standing in its table.
const Option& help_option();

}  // namespace asylum::cli
