// SPDX-License-Identifier: Apache-2.0
// Runs in: exec's bridge; from be_born() on in its child, in the container.
#include "runtime/process/exec_steps.h"

#include <fcntl.h>
#include <unistd.h>

#include <exception>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/process/init_steps.h"
#include "runtime/sys/argument_area.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process.h"
#include "runtime/sys/tuning.h"

namespace asylum::process {
namespace {

using plan::Plan;

bool always(const Plan&) {
  return true;
}
bool has_terminal(const Plan& p) {
  return p.process.terminal;
}

bool has_final_affinity(const Plan& p) {
  return !p.process.exec_affinity_final.empty();
}
bool has_no_final_affinity(const Plan& p) {
  return !has_final_affinity(p);
}

// Source: runtime-spec config.md#linux-process, execCPUAffinity: `final` once we are in the cgroup.
void set_final_affinity(InitContext& context) {
  sys::set_affinity(context.plan.process.exec_affinity_final);
}

void forget(InitContext& context) {
  sys::wipe_environment_area();
  if (context.forget != nullptr && *context.forget) (*context.forget)();
}

void await_main(InitContext& context) {
  context.host_pid = context.channel.expect_proceed();
}

constexpr InitStep kBridgeSteps[] = {
    {"death_signal", "tie our life to main's", "", always, die_with_parent},
    {"proceed", "wait for main", "", always, await_proceed},
    // A signal of main's terminal is main's to hear.
    {"bridge_session", "leave main's session", "", always, start_session},
    // Of our own pid namespace: in the container's we are not to be seen.
    {"procfs", "open a private procfs", "", needs_procfs, open_procfs},
    // The container's own /proc may be false, absent, or not show us.
    {"self_fd", "open the list of our descriptors", "", needs_home, open_self_fd},
    // CVE-2016-9962: a container without a pid namespace sees us all the same.
    {"hide", "hide our memory", "", always, become_undumpable},
    {"join", "join the container", "", always, join_container},
    {"become_root", "become root of the user namespace", "", becomes_root, become_root},
    // The change of ids has made us dumpable again.
    {"undumpable", "hide our memory", "", always, become_undumpable},
    {"keyring", "join a session keyring", "", [](const Plan& p) { return p.new_session_keyring; },
     join_keyring},
    {"umask_zero", "clear the umask", "", always, clear_umask},
    {"find_root", "find the container's root", "", always, find_root},
    {"console", "make the terminal", "/process/terminal", has_terminal, make_unbound_console},
    {"affinity", "reset the CPU affinity", "", has_no_final_affinity, reset_affinity},
    {"final_affinity", "set the CPU affinity", "/process/execCPUAffinity/final", has_final_affinity,
     set_final_affinity},
};

constexpr InitStep kCrossingSteps[] = {
    // Whoever may trace the child reads its memory, which is a copy of ours.
    {"forget", "wipe what is not the container's", "", always, forget},
    {"late_filter", "load the seccomp filter", "/linux/seccomp", has_late_filter, load_filter},
};

constexpr InitStep kBirthSteps[] = {
    {"meet_main", "wait for main", "", always, await_main},
    {"session", "become a session leader", "", always, start_session},
};

constexpr InitStep kHeldSteps[] = {
    {"held_filter", "load the seccomp filter", "/linux/seccomp",
     [](const Plan& p) { return p.seccomp.has_value(); }, load_held_filter},
};

void be_born(void* place) noexcept {
  InitContext& context = *static_cast<InitContext*>(place);
  // Main listens for nothing more of that kind.
  log::relay_to([](log::Level, std::string_view, std::string_view) {});
  context.is_bridge = false;
  run_tables({kBirthSteps, own_steps(), kHeldSteps, last_steps()}, context);
  pass_gate(context);
}

[[noreturn]] void cross(InitContext& context) noexcept {
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

}  // namespace

void join_container(InitContext& context) {
  join_all(context.joins);
  context.joins.clear();
}

// setns(2) into the mount namespace has made its root ours. It is the container's, unless that is
// below it: then main has opened init's.
void find_root(InitContext& context) {
  if (context.plan.root.is == plan::RootIs::own) {
    context.rootfs.replace_root(sys::open_at(AT_FDCWD, "/", O_PATH | O_DIRECTORY));
  } else {
    chroot_to(context.rootfs.root());
  }
}

std::span<const InitStep> bridge_steps() {
  return kBridgeSteps;
}
std::span<const InitStep> crossing_steps() {
  return kCrossingSteps;
}
std::span<const InitStep> birth_steps() {
  return kBirthSteps;
}
std::span<const InitStep> held_steps() {
  return kHeldSteps;
}

void run_exec(InitContext& context) noexcept {
  relay_log(context);
  run_tables({kBridgeSteps, process_steps(), identity_steps(), program_steps(), kCrossingSteps},
             context);
  cross(context);
}

}  // namespace asylum::process
