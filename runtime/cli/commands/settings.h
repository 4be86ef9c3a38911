// SPDX-License-Identifier: Apache-2.0
// From global options to what the verbs want to know.
#pragma once

#include <optional>

#include "runtime/cli/options/arguments.h"
#include "runtime/container/state/settings.h"

namespace asylum::cli {

/// What every container command knows, from the global options. Throws for a root that is "/" and a
/// cgroup manager that does not exist yet.
container::Settings settings_from(const GlobalOptions& options);
/// --rootless; nothing for auto.
std::optional<bool> rootless_of(const GlobalOptions& options);

}  // namespace asylum::cli
