// SPDX-License-Identifier: Apache-2.0
// Runs in: exec's child.
#include "runtime/process/exec_steps.h"

#include <fcntl.h>
#include <unistd.h>

#include <exception>

#include "runtime/base/error.h"
#include "runtime/process/init_steps.h"
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
bool has_no_terminal(const Plan& p) {
  return !p.process.terminal;
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

// Source: runtime-spec config.md#linux-process, execCPUAffinity: `final` once we are in the cgroup.
void choose_affinity(InitContext& context) {
  const auto& cpus = context.plan.process.exec_affinity_final;
  if (cpus.empty()) return reset_affinity(context);
  sys::set_affinity(cpus);
}

constexpr InitStep kSteps[] = {
    {"death_signal", "tie our life to main's", always, die_with_parent},
    {"proceed", "wait for main", always, await_proceed},
    {"procfs", "open a private procfs", needs_procfs, open_procfs},
    {"become_root", "become root of the user namespace", becomes_root, become_root},
    // The change of ids has made us dumpable again.
    {"undumpable", "hide our memory", always, become_undumpable},
    {"session", "become a session leader", always, start_session},
    {"keyring", "join a session keyring", [](const Plan& p) { return p.new_session_keyring; },
     join_keyring},
    {"umask_zero", "clear the umask", always, clear_umask},
    {"find_root", "find the container's root", always, find_root},
    {"console", "make the terminal", has_terminal, make_unbound_console},
    {"affinity", "set the CPU affinity", always, choose_affinity},
    {"memory_policy", "set the memory policy",
     [](const Plan& p) { return p.process.memory_policy.has_value(); }, set_memory_policy},
    {"scheduler", "set the scheduler",
     [](const Plan& p) { return p.process.scheduler.has_value(); }, set_scheduler},
    {"io_priority", "set the io priority",
     [](const Plan& p) { return p.process.io_priority.has_value(); }, set_io_priority},
    {"personality", "set the personality",
     [](const Plan& p) { return p.process.personality.has_value(); }, set_personality},
    {"terminal", "attach the terminal", has_terminal, attach_console},
    {"stdio_owner", "give stdio to the user", has_no_terminal, own_stdio},
    {"labels", "set the security labels",
     [](const Plan& p) {
       const plan::Identity& who = p.process.identity;
       return !who.apparmor_profile.empty() || !who.selinux_label.empty();
     },
     set_labels},
    {"environment", "complete the environment", always, complete_environment},
    {"fetch_filter", "get the seccomp filter", [](const Plan& p) { return p.seccomp.has_value(); },
     fetch_filter},
    {"limits", "set the resource limits", [](const Plan& p) { return !p.process.limits.empty(); },
     set_limits},
    {"umask", "set the umask", always, set_umask},
    {"early_filter", "load the seccomp filter", has_early_filter, load_filter},
};

}  // namespace

std::span<const InitStep> exec_steps() {
  return kSteps;
}

void run_exec(InitContext& context) noexcept {
  run_tables(kSteps, context);
}

}  // namespace asylum::process
