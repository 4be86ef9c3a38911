// SPDX-License-Identifier: Apache-2.0
// createContainer hooks of a builder whose own children would be born into a pid namespace that
// others share: it lost the power to join that one last when it entered a user namespace. A child
// of main, which never joins it, runs them in the builder's other namespaces. Runs in: that child.
#pragma once

#include <sys/types.h>

#include <span>

#include "runtime/process/init/init.h"

namespace asylum::process {

std::span<const InitStep> hooking_steps();

/// Tells main `ready`, or what failed, and ends.
[[noreturn]] void run_hooks_for(pid_t builder, InitContext& context) noexcept;

}  // namespace asylum::process
