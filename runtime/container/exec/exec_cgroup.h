// SPDX-License-Identifier: Apache-2.0
// Which cgroup a further process of a container belongs into.
#pragma once

#include <sys/types.h>

#include <string>

#include "runtime/container/state/journal.h"
#include "runtime/sys/fd.h"

namespace asylum::container {

/// The directory to clone into; none when the container has no cgroup. `wanted` is the text of exec
/// --cgroup: a path below the container's cgroup, "/" being that itself, a leading "CONTROLLER:" of
/// cgroup v1 being dropped; "" = where init is now, since an init like systemd's moves itself
/// below. Throws; nothing outside the container's cgroup is opened.
sys::Fd open_exec_cgroup(const Ledger& ledger, const std::string& wanted);

/// Whether the cgroup that process `pid` is in, at or below the container's, is frozen: by the
/// container, which may have the right to, or by `pause`. Container processes can move any of
/// theirs, so it is looked for anew each time.
bool is_frozen(const Ledger& ledger, pid_t pid);

}  // namespace asylum::container
