// SPDX-License-Identifier: Apache-2.0
// Resource limits in two halves. Only the host side may raise a hard limit (CAP_SYS_RESOURCE in the
// initial user namespace), and only init, late, can set the rest without starving its own set-up
// (RLIMIT_NOFILE 8, RLIMIT_AS).
#pragma once

#include <sys/types.h>

#include <vector>

#include "runtime/plan/types/process.h"

namespace asylum::process {

/// Raises the hard limits that are to be above the process's present ones; lowers nothing. Runs in:
/// main, before `proceed`. Throws (EPERM: no CAP_SYS_RESOURCE) with the limit's pointer.
void raise_hard_limits(pid_t init, const std::vector<plan::ResourceLimit>& limits);

/// Whether it counts what whoever sets the process up needs itself, a process and descriptors:
/// RLIMIT_NPROC, RLIMIT_NOFILE. A bridge leaves these to its child.
bool counts_what_is_ours(const plan::ResourceLimit& limit);

/// Those limits of this process, exactly, for which counts_what_is_ours() is `counting`. Runs in:
/// init, after the mounts and before the ids change; exec.
void set_limits(const std::vector<plan::ResourceLimit>& limits, bool counting);

}  // namespace asylum::process
