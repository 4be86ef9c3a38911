// SPDX-License-Identifier: Apache-2.0
// The plans of what enters a container that exists: made of the same parts as create's, and of
// those only that are carried out in it. What the others would find was settled at create.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/make_plan.h"

namespace asylum::spec {
struct Mount;
}

namespace asylum::plan {

/// exec. `spec`: the container's config with the process to be executed in the place of its own.
/// All findings are of /process.
Planning plan_exec(const spec::Spec& spec, const HostFacts& facts, const Request& request);

/// mounts add. `spec`: the container's config with the mounts to be made in the place of its own.
/// The process that makes them is neither the container's user nor under its filter: it has none.
/// All findings are of /mounts. Throws unsupported for a container without a mount namespace of its
/// own.
Planning plan_added_mounts(const spec::Spec& spec, const HostFacts& facts, const Request& request);

/// mounts remove: only the destinations, in this order. Throws as plan_added_mounts().
Planning plan_removed_mounts(const spec::Spec& spec, const std::vector<spec::Mount>& mounts,
                             const HostFacts& facts, const Request& request);

}  // namespace asylum::plan
