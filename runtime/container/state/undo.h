// SPDX-License-Identifier: Apache-2.0
// The one way in which what create did to the host is taken back: replay of the journal, last
// effect first. `delete` and a failing create both come here (design §7).
#pragma once

#include <string>

#include "runtime/container/state/journal.h"
#include "runtime/container/state/record.h"
#include "runtime/sys/poll.h"

namespace asylum::container {

/// Kills and reaps init, helpers and all in the cgroup; removes the cgroup and, of an uncommitted
/// create, the pid file. Only what still bears the recorded identity is killed or unlinked. The
/// state directory stays, so that a failure can be tried again. Throws.
void undo_effects(int state_directory, const Ledger& ledger, const sys::Deadline& deadline);

/// Failures are warnings: nothing is left that could be stopped for them (runtime-spec
/// runtime.md#lifecycle, 12).
void run_poststop_hooks(const Record& record) noexcept;

}  // namespace asylum::container
