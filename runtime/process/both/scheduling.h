// SPDX-License-Identifier: Apache-2.0
// The CPU scheduling of the program: who can set it. Runs in: init; for what a fork does not hand
// on, main.
#pragma once

#include <sys/types.h>

#include "runtime/plan/types/process.h"

namespace asylum::process {

/// Whether a child inherits it: not SCHED_DEADLINE, which may not fork at all, nor what is marked
/// SCHED_FLAG_RESET_ON_FORK. Source: sched(7).
bool survives_fork(const plan::Scheduler& scheduler);

/// Of process `pid`, 0 = of this one. Throws.
void set_scheduler(pid_t pid, const plan::Scheduler& scheduler);

}  // namespace asylum::process
