// SPDX-License-Identifier: Apache-2.0
// The first act of the commands that bring a process of ours into a container.
#pragma once

#include "runtime/cli/arguments.h"

namespace asylum::cli {

/// Executes this program again from a clone that nobody can write to, unless it already runs from
/// one or needs none (sys/self_exec.h). Before anything is made. Throws.
void protect_this_program(const Arguments& arguments);

}  // namespace asylum::cli
