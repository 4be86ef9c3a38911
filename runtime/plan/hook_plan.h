// SPDX-License-Identifier: Apache-2.0
// /hooks → plan::Hook by stage, and the state document that they get.
#pragma once

#include "runtime/plan/make_plan.h"
#include "runtime/plan/types/plan.h"

namespace asylum::plan {

/// Fills hooks. Source: runtime-spec config.md#posix-platform-hooks.
void plan_hooks(const spec::Spec& spec, Plan& plan);

/// Fills state, which hooks and agents are told. Source: runtime-spec runtime.md#state.
void plan_state(const spec::Spec& spec, const Request& request, Plan& plan);

/// "createRuntime", the member of /hooks.
std::string_view name_of(HookStage stage);

}  // namespace asylum::plan
