// SPDX-License-Identifier: Apache-2.0
// The verbs pause and resume: the freezer of the container's cgroup.
#pragma once

#include <string>

#include "runtime/container/state/settings.h"

namespace asylum::container {

/// Every process of a running container is frozen when it returns. Throws wrong_state, "container
/// not running", for every other state; what cannot be frozen in time runs on.
void pause(const Settings& settings, const std::string& id);
/// Throws wrong_state, "container not paused".
void resume(const Settings& settings, const std::string& id);

}  // namespace asylum::container
