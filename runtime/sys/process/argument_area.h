// SPDX-License-Identifier: Apache-2.0
// The memory in which the kernel put our arguments and environment at execve. /proc/PID/cmdline and
// environ show it to others, of a clone too: `ps` on the host, and whatever runs in the container
// that a child of ours has entered. PR_SET_MM_ARG_* would need CAP_SYS_RESOURCE: it is overwritten.
#pragma once

#include <string_view>

namespace asylum::sys {

/// Once, first in main and before anything changes `environ`: where the two areas are. The kernel
/// lays the strings of each one behind the other (Source: proc(5) cmdline, environ). Before it the
/// functions below do nothing.
void remember_argument_area(int argc, char* const* argv, char* const* environment) noexcept;

/// Zeroes `part` of the arguments; nothing if it lies elsewhere. The length stays visible.
void wipe_argument(std::string_view part) noexcept;

/// Zeroes all arguments, or all variables, of this process only: a clone has its own copy. What
/// argv and `environ` point to are empty strings then, so whoever calls this has copied what it
/// needs. Async-signal-safe.
void wipe_argument_area() noexcept;
void wipe_environment_area() noexcept;

}  // namespace asylum::sys
