// SPDX-License-Identifier: Apache-2.0
// The verb run.
#pragma once

#include <optional>

#include "runtime/container/host/bundle.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/verbs/create_options.h"

namespace asylum::container {

/// create and start; in the foreground until the program ends, then delete. Returns the exit code:
/// the program's, or 128 + signal; 0 when detached.
int run(Settings settings, const CreateOptions& options, std::optional<Bundle> bundle = {});

}  // namespace asylum::container
