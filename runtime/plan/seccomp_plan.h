// SPDX-License-Identifier: Apache-2.0
// /linux/seccomp → plan::Seccomp: names stay names, libseccomp is asked later (it probes the
// kernel).
#pragma once

#include <optional>

#include "runtime/plan/types/seccomp.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

/// Fills seccomp. Source: runtime-spec config-linux.md#seccomp.
std::optional<Seccomp> plan_seccomp(const spec::Spec& spec);

}  // namespace asylum::plan
