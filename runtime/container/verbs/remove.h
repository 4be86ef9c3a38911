// SPDX-License-Identifier: Apache-2.0
// The verb delete (no name for a function in C++), and what the end of a foreground run shares with it.
#pragma once

#include <string>

#include "runtime/container/state/settings.h"
#include "runtime/container/state/status.h"

namespace asylum::container {

/// force: kill first, and an id without state succeeds.
void remove(const Settings& settings, const std::string& id, bool force);

class StateStore;

/// Kills what lives, undoes every effect, runs poststop hooks, removes the state directory. The
/// caller holds the lock.
void destroy(const StateStore& store, const std::string& id, int state_directory,
             const Observation& seen);

}  // namespace asylum::container
