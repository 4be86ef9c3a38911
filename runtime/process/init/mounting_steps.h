// SPDX-License-Identifier: Apache-2.0
// Mounts in a container that runs: a child of ours enters its namespaces, works on its mounts,
// ends. Runs in: the child of `mounts add` and `mounts remove`.
#pragma once

#include <span>

#include "runtime/process/init/init.h"

namespace asylum::process {

/// Their tables: from the joins to the container's root, then one errand. No row means a property
/// of config.json: what a mount is blamed on, its own Step says.
std::span<const InitStep> outside_steps();
std::span<const InitStep> entered_steps();
std::span<const InitStep> adding_steps();
std::span<const InitStep> removing_steps();

/// Makes the plan's mounts, or none: those made before one that fails are taken away again. Tells
/// main `ready`, or what failed, and ends.
[[noreturn]] void run_adding_mounts(InitContext& context) noexcept;
/// Takes away what is mounted on the plan's destinations, the last first, after all of them have
/// been found to be mounts.
[[noreturn]] void run_removing_mounts(InitContext& context) noexcept;

}  // namespace asylum::process
