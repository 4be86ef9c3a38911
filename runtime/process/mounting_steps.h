// SPDX-License-Identifier: Apache-2.0
// Mounts in a container that runs: a child of ours enters its namespaces, works on its mounts,
// ends. Runs in: the child of `mounts add` and `mounts remove`.
#pragma once

#include "runtime/process/init.h"

namespace asylum::process {

/// Makes the plan's mounts, or none: those made before one that fails are taken away again. Tells
/// main `ready`, or what failed, and ends.
[[noreturn]] void run_adding_mounts(InitContext& context) noexcept;
/// Takes away what is mounted on the plan's destinations, the last first, after all of them have
/// been found to be mounts.
[[noreturn]] void run_removing_mounts(InitContext& context) noexcept;

}  // namespace asylum::process
