// SPDX-License-Identifier: Apache-2.0
// The host's cgroups that a recursive bind takes into the container.
#pragma once

#include "runtime/plan/types/findings.h"
#include "runtime/plan/types/host_facts.h"

namespace asylum::plan {

struct Plan;

/// Fills readonly_below of the root and of the recursive binds, each with a warning. Needs
/// plan.namespaces, plan.root and plan.mounts.
/// Only with a user namespace: without one the container's root is the host's, which needs nothing
/// but its capabilities. An option rro or rrw is the config's decision.
void close_cgroups(const HostFacts& facts, Plan& plan, Findings& findings);

}  // namespace asylum::plan
