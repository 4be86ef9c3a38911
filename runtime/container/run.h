// SPDX-License-Identifier: Apache-2.0
// The verb run.
#pragma once

#include <optional>

#include "runtime/container/bundle.h"
#include "runtime/container/create_options.h"
#include "runtime/container/settings.h"

namespace asylum::container {

/// create and start; in the foreground until the program ends, then delete. Returns the exit code:
/// the program's, or 128 + signal; 0 when detached.
int run(Settings settings, const CreateOptions& options, std::optional<Bundle> bundle = {});

}  // namespace asylum::container
