// SPDX-License-Identifier: Apache-2.0
// From the flags of update to resources.
#pragma once

#include <optional>

#include "runtime/container/verbs/update.h"
#include "spec/resources.h"

namespace asylum::container {

/// What the flags ask for, or nothing if there is none. Throws invalid_usage. Pure.
std::optional<spec::Resources> resources_of(const UpdateOptions& options);

}  // namespace asylum::container
