// SPDX-License-Identifier: Apache-2.0
// The process of `exec`: it joins a container that exists and then goes through the same identity,
// limits and gate as init. Runs in: exec's child, in the container's namespaces and cgroup.
#pragma once

#include <span>

#include "runtime/process/init.h"

namespace asylum::process {

/// From the namespaces to the terminal; process_steps() and the rest of init.h follow.
std::span<const InitStep> exec_steps();

/// Makes the container's root ours, after the joins; for all that enter a container.
void find_root(InitContext& context);

/// Runs the tables, tells main `ready`, waits at the gate, executes the program.
[[noreturn]] void run_exec(InitContext& context) noexcept;

}  // namespace asylum::process
