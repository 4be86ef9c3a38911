// SPDX-License-Identifier: Apache-2.0
// The process of `exec`, in two lives. The bridge joins the container's namespaces, of which the
// pid namespace holds for its children alone, so that nothing in the container can see it; it
// becomes all that the program is to be, and clones. The child, visible from its birth, has no more
// power than the container's own processes: it takes its session and its terminal, and waits at the
// gate.
#pragma once

#include <initializer_list>
#include <span>

#include "runtime/process/init/init.h"

namespace asylum::process {

/// Of the bridge, from its arrival to the terminal; process_steps(), identity_steps(),
/// program_steps() and crossing_steps() follow.
std::span<const InitStep> bridge_steps();

/// Of a child that enters a container and executes no program: until main has let it.
std::span<const InitStep> waiting_steps();
/// Of everybody who enters, after that: out of main's session, and in.
std::span<const InitStep> entry_steps();

/// setns(2) into what the context's joins say.
void join_container(InitContext& context);
/// Makes the container's root ours, after the joins; for all that enter a container.
void find_root(InitContext& context);

/// Both lives. Leaves by _exit, and in the child by execve.
[[noreturn]] void run_exec(InitContext& context) noexcept;

/// The life of a child that does something in the container and executes no program: the steps, and
/// `ready`, or what failed.
[[noreturn]] void run_errand(std::initializer_list<std::span<const InitStep>> tables,
                             InitContext& context) noexcept;

}  // namespace asylum::process
