// SPDX-License-Identifier: Apache-2.0
// Runs in: a child of main, while the builder waits.
#include "runtime/process/builder_hooks.h"

#include "runtime/process/exec_steps.h"
#include "runtime/process/init_steps.h"
#include "runtime/sys/process.h"

namespace asylum::process {
namespace {

using plan::Plan;

bool always(const Plan&) {
  return true;
}

constexpr InitStep kHookingSteps[] = {
    {"death_signal", "tie our life to main's", "", always, die_with_parent},
    {"proceed", "wait for main", "", always, await_proceed},
    {"hide", "hide our memory", "", always, become_undumpable},
    {"session", "become a session leader", "", always, start_session},
    {"join", "join the container", "", always, join_container},
    {"become_root", "become root of the user namespace", "", becomes_root, become_root},
    {"undumpable", "hide our memory", "", always, become_undumpable},
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
  relay_log(context);
  context.builder = builder;
  run_tables({kHookingSteps}, context);
  context.channel.ready();
  sys::exit_now(0);
}

}  // namespace asylum::process
