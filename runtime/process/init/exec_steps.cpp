// SPDX-License-Identifier: Apache-2.0
// Runs in: exec's bridge.
#include "runtime/process/init/exec_steps.h"

#include <fcntl.h>
#include <unistd.h>

#include "runtime/plan/types/plan.h"
#include "runtime/plan/types/process.h"
#include "runtime/plan/types/root.h"
#include "runtime/process/init/birth.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/process/tuning.h"

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
  sys::set_affinity(context.process.exec_affinity_final);
}

constexpr InitStep kWaitingSteps[] = {
    {"death_signal", "tie our life to main's", "", always, die_with_parent},
    {"proceed", "wait for main", "", always, await_proceed},
};

constexpr InitStep kEntrySteps[] = {
    // A signal of main's terminal is main's to hear.
    {"bridge_session", "leave main's session", "", always, start_session},
    // CVE-2016-9962: a container without a pid namespace sees us all the same.
    {"hide", "hide our memory", "", always, become_undumpable},
    {"join", "join the container", "", always, join_container},
    {"become_root", "become root of the user namespace", "", becomes_root, become_root},
    // The change of ids has made us dumpable again.
    {"undumpable", "hide our memory", "", always, become_undumpable},
};

constexpr InitStep kBridgeSteps[] = {
    {"keyring", "join a session keyring", "", [](const Plan& p) { return p.new_session_keyring; },
     join_keyring},
    {"umask_zero", "clear the umask", "", always, clear_umask},
    {"find_root", "find the container's root", "", always, find_root},
    {"console", "make the terminal", "/process/terminal", has_terminal, make_unbound_console},
    {"affinity", "reset the CPU affinity", "", has_no_final_affinity, reset_affinity},
    {"final_affinity", "set the CPU affinity", "/process/execCPUAffinity/final", has_final_affinity,
     set_final_affinity},
};

}  // namespace

void join_container(InitContext& context) {
  join_all(context.joins);
  context.joins.clear();
}

// setns(2) into the mount namespace has made its root ours. It is the container's, unless that is
// below it: then main has opened init's.
void find_root(InitContext& context) {
  if (context.tree.root.is == plan::RootIs::own) {
    context.rootfs.replace_root(sys::open_at(AT_FDCWD, "/", O_PATH | O_DIRECTORY));
  } else {
    chroot_to(context.rootfs.root());
  }
}

std::span<const InitStep> waiting_steps() {
  return kWaitingSteps;
}
std::span<const InitStep> entry_steps() {
  return kEntrySteps;
}
std::span<const InitStep> bridge_steps() {
  return kBridgeSteps;
}

void run_exec(InitContext& context) noexcept {
  relay_log(context);
  run_tables({arrival_steps(), kEntrySteps, kBridgeSteps, process_steps(), identity_steps(),
              program_steps(), crossing_steps()},
             context);
  give_birth(context);
}

void run_errand(std::initializer_list<std::span<const InitStep>> tables,
                InitContext& context) noexcept {
  constexpr InitStep kReport[] = {{"ready", "report to main", "", always, report_ready}};
  relay_log(context);
  run_tables(tables, context);
  run_tables({kReport}, context);
  sys::exit_now(0);
}

}  // namespace asylum::process
