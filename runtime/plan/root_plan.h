// SPDX-License-Identifier: Apache-2.0
// The root file system as a whole: where it is, its propagation, masked and read-only paths,
// sysctls.
#pragma once

#include "runtime/plan/types/request.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

struct Plan;

/// Fills root. Needs plan.namespaces: they decide whose root it is.
/// Source: runtime-spec config.md#root, config-linux.md#rootfs-mount-propagation.
void plan_root(const spec::Spec& spec, const Request& request, Plan& plan);

/// Fills readonly_paths, masked_paths, sysctls. Needs plan.namespaces.
void plan_restrictions(const spec::Spec& spec, Plan& plan);

}  // namespace asylum::plan
