// SPDX-License-Identifier: Apache-2.0
// Device nodes and links of the container's /dev: the specification's defaults, then the config's.
#pragma once

#include "runtime/plan/types/findings.h"
#include "runtime/plan/types/host_facts.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

struct Plan;

/// Fills own_dev, devices and links. Needs plan.namespaces, plan.id_maps, plan.root and
/// plan.mounts. Without a new file system on /dev nothing is made there: it may be the host's own,
/// which every process of the host uses (design §8.10). /dev/console is not among them: it comes
/// from the process's terminal, if it has one. Source: runtime-spec
/// config-linux.md#default-devices, #devices.
void plan_devices(const spec::Spec& spec, const HostFacts& facts, Plan& plan, Findings& findings);

/// Whether the container could make device nodes of its own; never in a user namespace of its own
/// or ours.
bool may_make_nodes(const Plan& plan, const HostFacts& facts);

}  // namespace asylum::plan
