// SPDX-License-Identifier: Apache-2.0
// Which namespaces are made or joined, and what can only be said once they are known: clock
// offsets, names.
#pragma once

#include "runtime/base/oci_words.h"
#include "runtime/plan/types/findings.h"
#include "runtime/plan/types/host_facts.h"
#include "runtime/plan/types/namespaces.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

/// Fills namespaces, time_offsets, hostname, domainname, loopback_up.
/// Source: runtime-spec config-linux.md#namespaces.
void plan_namespaces(const spec::Spec& spec, const HostFacts& facts, NamespacePlan& plan,
                     Findings& findings);

/// The plan's entry for `type`, or null: then the container shares ours.
const Namespace* find_namespace(const NamespacePlan& plan, NamespaceType type);
/// True if the container gets a new one (not one joined by path).
bool makes_new(const NamespacePlan& plan, NamespaceType type);

}  // namespace asylum::plan
