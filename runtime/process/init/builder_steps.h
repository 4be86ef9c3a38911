// SPDX-License-Identifier: Apache-2.0
// The builder: what `create` clones for a container whose pid namespace is joined by path. It makes
// the other namespaces, builds the root and becomes all that the program is to be, as init does
// elsewhere, but as a member of no such pid namespace: others live there, and would see a process
// with the host's power. What it clones at the end (birth.h) is the container's first process.
// Runs in: the builder.
#pragma once

#include <span>

#include "runtime/process/init/init.h"

namespace asylum::process {

/// After arrival_steps(): from the host's namespaces to the container's. init_steps() and
/// process_steps() follow.
std::span<const InitStep> founding_steps();
/// Before identity_steps(): the last that needs power over namespaces.
std::span<const InitStep> threshold_steps();

/// The builder's life, and its child's. Leaves by _exit, and in the child by execve.
[[noreturn]] void run_builder(InitContext& context) noexcept;

}  // namespace asylum::process
