// SPDX-License-Identifier: Apache-2.0
// How a process of ours comes into a pid namespace that others share, by exec or by create: what
// sets it up stays outside, becomes all that the program is to be, and clones. The child, visible
// from its birth, has no more power than the container's own processes: it takes its session and
// its terminal, and waits at the gate. Runs in: a bridge of exec, a builder, and the child of each.
#pragma once

#include <span>

#include "runtime/process/init/init.h"

namespace asylum::process {

/// The last of the one outside: after program_steps().
std::span<const InitStep> crossing_steps();
/// Of the child: before own_steps(), and between them and last_steps().
std::span<const InitStep> birth_steps();
std::span<const InitStep> held_steps();

/// Clones the child, tells main `born` and ends; the child goes on to its execve.
[[noreturn]] void give_birth(InitContext& context) noexcept;

}  // namespace asylum::process
