// SPDX-License-Identifier: Apache-2.0
// The container's cgroup: where it is, which controllers it needs, what is written, its device
// filter.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/plan/types/cgroup.h"
#include "runtime/plan/types/findings.h"
#include "runtime/plan/types/host_facts.h"
#include "runtime/plan/types/request.h"

namespace asylum::spec {
struct Resources;
}

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

struct Plan;

/// Fills cgroup. Needs plan.namespaces and plan.mounts. A requested limit whose controller a v1
/// hierarchy holds, or that cgroup2 does not offer, is an error naming controller, directory and
/// remedy. Source: runtime-spec config-linux.md#cgroups-path, #control-groups.
void plan_cgroup(const spec::Spec& spec, const HostFacts& facts, const Request& request, Plan& plan,
                 Findings& findings);

/// The half of it that update needs too: an error for each property whose controller this host does
/// not offer in cgroup2, however many files it is written to.
void check_controllers(std::span<const ControlWrite> writes, const CgroupFacts& facts,
                       Findings& findings);

/// The device filter of these rules.
std::vector<BpfInstruction> device_program_of(const spec::Resources& resources);

}  // namespace asylum::plan
