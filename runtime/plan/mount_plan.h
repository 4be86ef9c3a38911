// SPDX-License-Identifier: Apache-2.0
// /mounts → plan::Mount: what kind of mount each entry is, and what its option words mean to the
// kernel.
#pragma once

#include <string_view>

#include "runtime/plan/findings.h"
#include "runtime/plan/make_plan.h"
#include "runtime/plan/plan.h"

namespace asylum::plan {

/// Fills mounts. Needs plan.namespaces and plan.id_maps.
/// Source: runtime-spec config.md#mounts, config.md#linux-mount-options.
void plan_mounts(const spec::Spec& spec, const HostFacts& facts, const Request& request, Plan& plan,
                 Findings& findings);

/// Where the container sees Request::notify_directory: runc's place.
inline constexpr std::string_view kNotifyMountPoint = "/run/notify";

/// True if the container's /dev comes from a bind: then nothing of ours is made inside.
bool dev_is_bound(const Plan& plan);

/// "private" and so on, as the option words spell it.
std::string_view name_of(Propagation propagation);

}  // namespace asylum::plan
