// SPDX-License-Identifier: Apache-2.0
// The verbs list and state.
#pragma once

#include <string>
#include <vector>

#include "runtime/container/state/settings.h"
#include "spec/state.h"

namespace asylum::container {

/// What `state` prints. Throws not_found: "container does not exist".
spec::State state(const Settings& settings, const std::string& id);
/// Sorted by id; with owner. What is wrong with files of ours is a warning, and the status then
/// "damaged".
std::vector<spec::State> list(const Settings& settings);

}  // namespace asylum::container
