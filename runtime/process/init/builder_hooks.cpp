// SPDX-License-Identifier: Apache-2.0
// Runs in: a child of main, while the builder waits.
#include "runtime/process/init/builder_hooks.h"

#include "runtime/plan/types/plan.h"
#include "runtime/process/init/exec_steps.h"
#include "runtime/process/init/steps.h"

namespace asylum::process {
namespace {

using plan::Plan;

bool always(const Plan&) {
  return true;
}

constexpr InitStep kHookingSteps[] = {
    {"keyring", "join a session keyring", "", [](const Plan& p) { return p.new_session_keyring; },
     join_keyring},
    {"umask_zero", "clear the umask", "", always, clear_umask},
    {"create_container_hooks", "run the createContainer hooks", "/hooks/createContainer", always,
     run_create_container_hooks},
};

}  // namespace

std::span<const InitStep> hooking_steps() {
  return kHookingSteps;
}

void run_hooks_for(pid_t builder, InitContext& context) noexcept {
  context.builder = builder;
  run_errand({waiting_steps(), entry_steps(), kHookingSteps}, context);
}

}  // namespace asylum::process
