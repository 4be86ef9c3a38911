// SPDX-License-Identifier: Apache-2.0
// Which namespaces are made or joined, and what can only be said once they are known: clock
// offsets, names.
#pragma once

#include "runtime/plan/types/findings.h"
#include "runtime/plan/types/plan.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

/// Fills namespaces, time_offsets, hostname, domainname, loopback_up.
/// Source: runtime-spec config-linux.md#namespaces.
void plan_namespaces(const spec::Spec& spec, const HostFacts& facts, Plan& plan,
                     Findings& findings);

/// The plan's entry for `type`, or null: then the container shares ours.
const Namespace* find_namespace(const Plan& plan, NamespaceType type);
/// True if the container gets a new one (not one joined by path).
bool makes_new(const Plan& plan, NamespaceType type);

/// "network", as the config and messages spell it.
std::string_view name_of(NamespaceType type);

}  // namespace asylum::plan
