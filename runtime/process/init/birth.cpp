// SPDX-License-Identifier: Apache-2.0
// Runs in: a bridge of exec or a builder; from be_born() on in its child, in the container.
#include "runtime/process/init/birth.h"

#include <exception>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/process/argument_area.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {
namespace {

using plan::Plan;

bool always(const Plan&) {
  return true;
}

void forget(InitContext& context) {
  sys::wipe_environment_area();
  if (context.forget != nullptr && *context.forget) (*context.forget)();
}

void await_main(InitContext& context) {
  context.host_pid = context.channel.expect_proceed();
}

constexpr InitStep kCrossingSteps[] = {
    // Whoever may trace the child reads its memory, which is a copy of ours.
    {"forget", "wipe what is not the container's", "", always, forget},
    {"filter", "load the seccomp filter", "/linux/seccomp", has_filter, load_filter},
};

constexpr InitStep kBirthSteps[] = {
    {"meet_main", "wait for main", "", always, await_main},
    {"session", "become a session leader", "", always, start_session},
};

constexpr InitStep kHeldSteps[] = {
    {"held_filter", "load the seccomp filter", "/linux/seccomp", has_filter, load_held_filter},
};

void be_born(void* place) noexcept {
  InitContext& context = *static_cast<InitContext*>(place);
  // Main listens for nothing more of that kind.
  log::relay_to([](log::Level, std::string_view, std::string_view) {});
  context.is_bridge = false;
  run_tables({kBirthSteps, own_steps(), kHeldSteps, last_steps()}, context);
  pass_gate(context);
}

}  // namespace

std::span<const InitStep> crossing_steps() {
  return kCrossingSteps;
}
std::span<const InitStep> birth_steps() {
  return kBirthSteps;
}
std::span<const InitStep> held_steps() {
  return kHeldSteps;
}

void give_birth(InitContext& context) noexcept {
  try {
    const Step step{"make the process in the container"};
    context.channel.born(sys::clone_sibling(be_born, &context, context.own_pid));
    sys::exit_now(0);
  } catch (const Error& error) {
    context.channel.failed(error);
  } catch (const std::exception& error) {
    context.channel.failed(Error(ErrorKind::internal, error.what()));
  }
  sys::exit_now(1);
}

}  // namespace asylum::process
