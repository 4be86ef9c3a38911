// SPDX-License-Identifier: Apache-2.0
// /hooks → plan::Hook by stage, and the state document that they get.
#pragma once

#include "runtime/plan/make_plan.h"
#include "runtime/plan/plan.h"

namespace asylum::plan {

/// Fills hooks and state. Source: runtime-spec config.md#posix-platform-hooks, runtime.md#state.
void plan_hooks(const spec::Spec& spec, const Request& request, Plan& plan);

/// "createRuntime", the member of /hooks.
std::string_view name_of(HookStage stage);

}  // namespace asylum::plan
