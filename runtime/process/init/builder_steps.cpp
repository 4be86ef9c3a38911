// SPDX-License-Identifier: Apache-2.0
// Runs in: the builder.
#include "runtime/process/init/builder_steps.h"

#include <signal.h>

#include <algorithm>
#include <string>

#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/both/clone_flags.h"
#include "runtime/process/init/birth.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/process/namespaces.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {
namespace {

using plan::Plan;

bool always(const Plan&) {
  return true;
}

void join_first(InitContext& context) {
  join_all(context.joins);
  context.joins.clear();
}

std::string pointer_of(const Plan& plan, NamespaceType type) {
  const auto found = std::find_if(plan.namespaces.begin(), plan.namespaces.end(),
                                  [&](const plan::Namespace& one) { return one.type == type; });
  return found == plan.namespaces.end() ? "/linux/namespaces" : found->pointer;
}

// The user namespace first: it owns the others, and gives the power for them. One by one, so that
// the one that the kernel refuses is named; nobody is in them who could see a half of them.
constexpr NamespaceType kOrder[] = {
    NamespaceType::user, NamespaceType::mount,  NamespaceType::network, NamespaceType::ipc,
    NamespaceType::uts,  NamespaceType::cgroup, NamespaceType::time};

// Not by the clone: a process that is cloned after a pid namespace was joined is born there.
void make_namespaces(InitContext& context) {
  const std::uint64_t flags = clone_flags_of(context.plan);
  for (const NamespaceType type : kOrder) {
    const std::uint64_t flag = sys::clone_flag_of(type);
    if ((flags & flag) == 0) continue;
    const Step step{"leave the host's namespaces", pointer_of(context.plan, type)};
    sys::unshare(static_cast<int>(flag));
  }
  // A change of credentials may have cleared it (prctl(2)).
  sys::set_parent_death_signal(SIGKILL);
  join_all(context.later_joins);
  context.later_joins.clear();
}

void await_id_maps(InitContext& context) {
  context.channel.want_id_maps();
}

void enter_pid_namespace(InitContext& context) {
  if (context.last_join) join_all({&*context.last_join, 1});
  context.last_join.reset();
  context.pid_namespace.reset();
}

constexpr InitStep kFoundingSteps[] = {
    // Processes of a user namespace that we enter have power over us.
    {"hide", "hide our memory", "", always, become_undumpable},
    {"join", "join namespaces", "", always, join_first},
    {"namespaces", "make the namespaces", "/linux/namespaces", always, make_namespaces},
    {"id_maps", "wait for the id maps", "/linux/uidMappings",
     [](const Plan& p) { return p.id_maps.has_value(); }, await_id_maps},
};

constexpr InitStep kThresholdSteps[] = {
    // The children that we have from here on are born there: no hook is among them.
    {"pid_namespace", "join the pid namespace", "", always, enter_pid_namespace},
};

}  // namespace

std::span<const InitStep> founding_steps() {
  return kFoundingSteps;
}
std::span<const InitStep> threshold_steps() {
  return kThresholdSteps;
}

void run_builder(InitContext& context) noexcept {
  relay_log(context);
  run_tables({arrival_steps(), kFoundingSteps, init_steps(), process_steps(), kThresholdSteps,
              identity_steps(), program_steps(), crossing_steps()},
             context);
  give_birth(context);
}

}  // namespace asylum::process
