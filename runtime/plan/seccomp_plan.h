// SPDX-License-Identifier: Apache-2.0
// /linux/seccomp → plan::Seccomp: names stay names, libseccomp is asked later (it probes the
// kernel).
#pragma once

#include "runtime/plan/types/plan.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

/// Fills seccomp. Source: runtime-spec config-linux.md#seccomp.
void plan_seccomp(const spec::Spec& spec, Plan& plan);

}  // namespace asylum::plan
