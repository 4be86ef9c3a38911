// SPDX-License-Identifier: Apache-2.0
// The id maps of a new user namespace: the config's, or a default one; who may write them; which
// ids exist inside.
#pragma once

#include <cstdint>
#include <vector>

#include "runtime/plan/types/findings.h"
#include "runtime/plan/types/host_facts.h"
#include "runtime/plan/types/id_mapping.h"
#include "runtime/plan/types/namespaces.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

/// Fills id_maps if a user namespace is made. Needs plan.namespaces.
/// Sources: user_namespaces(7), runtime-spec config-linux.md#user-namespace-mappings.
void plan_id_maps(const spec::Spec& spec, const HostFacts& facts, NamespacePlan& plan,
                  Findings& findings);

/// True if `id`, as the container sees it, exists under `maps`.
bool is_mapped(const std::vector<IdMapping>& maps, std::uint32_t id);

}  // namespace asylum::plan
