// SPDX-License-Identifier: Apache-2.0
// /hooks → plan::Hook by stage, and the state document that they get.
#pragma once

#include "runtime/plan/types/hooks.h"
#include "runtime/plan/types/request.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

/// Fills hooks. Source: runtime-spec config.md#posix-platform-hooks.
void plan_hooks(const spec::Spec& spec, HookPlan& plan);

/// Fills state, which hooks and agents are told. Source: runtime-spec runtime.md#state.
void plan_state(const spec::Spec& spec, const Request& request, HookPlan& plan);

}  // namespace asylum::plan
