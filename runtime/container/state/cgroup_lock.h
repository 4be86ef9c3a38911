// SPDX-License-Identifier: Apache-2.0
// The lock of those who write into a container's cgroup: update, pause and resume, one at a time.
// Not the container's own lock, which a start holds while its hooks run, and they may update or
// pause.
#pragma once

#include <string>

#include "runtime/sys/fd.h"

namespace asylum::container {

/// Held as long as the descriptor. Waits ten seconds for a live holder, then throws wrong_state;
/// not_found if the container was deleted meanwhile.
sys::Fd lock_cgroup(int state_directory, const std::string& id);

}  // namespace asylum::container
