// SPDX-License-Identifier: Apache-2.0
// The verb kill.
#pragma once

#include <string>

#include "runtime/container/state/settings.h"

namespace asylum::container {

/// `all`: every process of the cgroup. Signal 0 is allowed.
void kill(const Settings& settings, const std::string& id, int signal, bool all);

}  // namespace asylum::container
