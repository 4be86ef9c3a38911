// SPDX-License-Identifier: Apache-2.0
// What delete and the end of a foreground run share.
#pragma once

#include <string>

#include "runtime/container/status.h"

namespace asylum::container {

class StateStore;

/// Kills what lives, undoes every effect, runs poststop hooks, removes the state directory. The
/// caller holds the lock.
void destroy(const StateStore& store, const std::string& id, int state_directory,
             const Observation& seen);

}  // namespace asylum::container
