// SPDX-License-Identifier: Apache-2.0
// The verb create.
#pragma once

#include <optional>

#include "runtime/container/host/bundle.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/verbs/create_options.h"

namespace asylum::container {

/// Up to the gate. Whatever fails, nothing remains. `bundle`: the one that the options name, if it
/// has been read already.
void create(Settings settings, const CreateOptions& options, std::optional<Bundle> bundle = {});

}  // namespace asylum::container
