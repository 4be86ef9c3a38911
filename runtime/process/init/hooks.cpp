// SPDX-License-Identifier: Apache-2.0
// The hook stages that concern init: main runs prestart and createRuntime while it waits;
// createContainer and startContainer it runs itself.
// Source: runtime-spec config.md#posix-platform-hooks.
// Runs in: init.
#include <unistd.h>

#include "hooks/run_hooks.h"
#include "hooks/state_document.h"
#include "runtime/plan/types/plan.h"
#include "runtime/plan/types/process.h"
#include "runtime/process/init/steps.h"

namespace asylum::process {
namespace {

void run_stage(InitContext& context, HookStage stage, std::string_view status,
               const std::vector<std::string>& default_env) {
  // The pid is the container's own view, as the namespaces these hooks run in are.
  const pid_t pid = context.builder != 0 ? context.builder : ::getpid();
  hooks::run_hooks({stage, context.plan.hooks_of(stage),
                    hooks::state_document(context.plan.state, pid, status), &default_env});
}

// A builder that has had to join the pid namespace early.
bool bears_into_pid_namespace(const InitContext& context) {
  return context.builder == 0 && context.pid_namespace && !context.last_join;
}

}  // namespace

bool has_host_hooks(const plan::Plan& plan) {
  return !plan.hooks_of(HookStage::prestart).empty() ||
         !plan.hooks_of(HookStage::create_runtime).empty();
}

void await_host_hooks(InitContext& context) {
  context.channel.want_hooks();
}

void run_create_container_hooks(InitContext& context) {
  if (bears_into_pid_namespace(context)) return context.channel.want_container_hooks();
  run_stage(context, HookStage::create_container, "creating", context.process.env);
}

void run_start_container_hooks(InitContext& context) {
  if (context.plan.hooks_of(HookStage::start_container).empty()) return;
  run_stage(context, HookStage::start_container, "created", context.environment);
}

}  // namespace asylum::process
