// SPDX-License-Identifier: Apache-2.0
// The table of init's steps, and its runner. Why a row stands where it stands is said at the row;
// what must come before what is tested in tests/process/init_order_test.cpp.
// Runs in: init, from clone to execve.
#include "runtime/process/init.h"

#include <exception>

#include "runtime/base/error.h"
#include "runtime/base/knockout.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/process/filter_blame.h"
#include "runtime/process/init_steps.h"
#include "runtime/sys/process.h"

namespace asylum::process {
namespace {

using plan::Plan;

bool always(const Plan&) {
  return true;
}
bool has_root(const Plan& p) {
  return p.root.is != plan::RootIs::borrowed;
}
bool has_no_root(const Plan& p) {
  return !has_root(p);
}
bool has_terminal(const Plan& p) {
  return p.process.terminal;
}
bool has_no_terminal(const Plan& p) {
  return !p.process.terminal;
}
bool has_late_filter(const Plan& p) {
  return p.seccomp && p.process.identity.no_new_privileges;
}

constexpr InitStep kSteps[] = {
    // Main waits for us, so until `committed` its death must be ours: nobody else would clean up.
    {"death_signal", "tie our life to main's", always, die_with_parent},
    // Id maps are written and the journal knows us: before this we may own nothing.
    {"proceed", "wait for main", always, await_proceed},
    // The kernel gives a private procfs to whoever has CAP_SYS_ADMIN here: while nothing of the
    // container is near, and before /proc (the fallback) is out of reach.
    {"procfs", "open a private procfs", needs_procfs, open_procfs},
    // Writes /proc/self, which is not ours any more once we are non-dumpable.
    {"time_namespace", "set the clocks of the time namespace", has_clock_offsets,
     make_time_namespace},
    // The mapped root owns what we make from here on.
    {"become_root", "become root of the user namespace", becomes_root, become_root},
    // CVE-2016-9962: a process of the container may see us in shared namespaces.
    {"undumpable", "hide our memory", always, become_undumpable},
    {"session", "become a session leader", always, start_session},
    {"keyring", "join a new session keyring", [](const Plan& p) { return p.new_session_keyring; },
     join_keyring},
    {"loopback", "bring the loopback device up", [](const Plan& p) { return p.loopback_up; },
     raise_loopback},
    // Modes of directories and nodes we make are exact.
    {"umask_zero", "clear the umask", always, clear_umask},
    // First of all mount work: nothing we do may travel to the host.
    {"propagation", "cut the mount tree off from the host's", has_root, detach_propagation},
    {"root", "make the root file system a mount", has_root, attach_root},
    {"mounts", "make the mounts", [](const Plan& p) { return has_root(p) && !p.mounts.empty(); },
     make_mounts},
    // Into the /dev that the mounts made.
    {"devices", "make the devices", [](const Plan& p) { return has_root(p) && !p.devices.empty(); },
     make_devices},
    {"links", "make the links of /dev",
     [](const Plan& p) { return has_root(p) && !p.links.empty(); }, make_links},
    // From the container's devpts, while its ptmx is certainly the one that the mounts made.
    {"console", "make the terminal", [](const Plan& p) { return has_root(p) && has_terminal(p); },
     make_console},
    // The source of masks where no /dev of the container's can have it: while the host's is in
    // reach.
    {"host_null", "clone the host's /dev/null",
     [](const Plan& p) { return has_root(p) && !p.own_dev && !p.masked_paths.empty(); },
     clone_host_null},
    // prestart and createRuntime: after the namespaces and mounts, before pivot_root.
    {"host_hooks", "wait for the prestart and createRuntime hooks", has_host_hooks,
     await_host_hooks},
    // Their paths are the host's, so before pivot_root; and they may still change the root.
    {"create_container_hooks", "run the createContainer hooks",
     [](const Plan& p) { return !p.hooks_of(plan::HookStage::create_container).empty(); },
     run_create_container_hooks},
    {"pivot", "change the root", has_root, change_root},
    {"chroot", "change the root", has_no_root, enter_root},
    // Without a root of our own there is no /dev/console of our own either.
    {"borrowed_console", "make the terminal",
     [](const Plan& p) { return has_no_root(p) && has_terminal(p); }, make_unbound_console},
    // After pivot_root, which refuses a shared root.
    {"root_propagation", "set the propagation of the root",
     [](const Plan& p) { return has_root(p) && p.root.propagation.has_value(); },
     set_root_propagation},
    // What is created in the root must be before the root becomes read-only.
    {"make_cwd", "make the working directory", [](const Plan& p) { return p.process.cwd != "/"; },
     make_cwd},
    // Hooks, devices, links and cwd have been put into them.
    {"readonly_mounts", "make furnished mounts read-only", has_root, make_mounts_readonly},
    {"readonly_root", "make the root read-only",
     [](const Plan& p) { return has_root(p) && p.root.readonly; }, make_root_readonly},
    // Through the private procfs; before read-only paths all the same, where the fallback is /proc.
    {"sysctls", "set the sysctls", [](const Plan& p) { return !p.sysctls.empty(); }, write_sysctls},
    // After pivot_root, so that no path of the host is in reach; read-only before masked, because
    // what is masked need not be looked up again.
    {"readonly_paths", "make paths read-only",
     [](const Plan& p) { return has_root(p) && !p.readonly_paths.empty(); }, make_paths_readonly},
    // The source of masks, proven (CVE-2025-31133). Nothing can replace it after pivot_root.
    {"dev_null", "open /dev/null",
     [](const Plan& p) { return has_root(p) && p.own_dev && !p.masked_paths.empty(); },
     open_dev_null},
    {"masked_paths", "mask paths",
     [](const Plan& p) { return has_root(p) && !p.masked_paths.empty(); }, mask_paths},
    // The root is whole. Where it is seen by others from here on, it is only looked at by us.
    {"attach", "attach the root in the joined mount namespace",
     [](const Plan& p) { return p.root.is == plan::RootIs::attached; }, attach_in_joined_namespace},
    {"hostname", "set the host name", [](const Plan& p) { return p.hostname.has_value(); },
     set_hostname},
    {"domainname", "set the domain name", [](const Plan& p) { return p.domainname.has_value(); },
     set_domainname},
    {"affinity", "reset the CPU affinity", always, reset_affinity},
};

// What is the same for a program that exec starts. What needs root's capabilities comes before the
// identity.
constexpr InitStep kProcessSteps[] = {
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
    // Reads /etc/passwd as root and with descriptors to spare.
    {"environment", "complete the environment", always, complete_environment},
    // As late as can be: main compiles while we mount.
    {"fetch_filter", "get the seccomp filter", [](const Plan& p) { return p.seccomp.has_value(); },
     fetch_filter},
    // A limit of descriptors or memory must not starve our own set-up.
    {"limits", "set the resource limits", [](const Plan& p) { return !p.process.limits.empty(); },
     set_limits},
    {"umask", "set the umask", always, set_umask},
    // Without no_new_privs a filter needs CAP_SYS_ADMIN: before the capabilities go.
    {"early_filter", "load the seccomp filter", has_early_filter, load_filter},
};

constexpr InitStep kIdentitySteps[] = {
    {"cwd", "enter the working directory", always, enter_cwd},
    // Needs CAP_SETPCAP, so before the capabilities are set.
    {"bounding", "drop the bounding set", always, drop_bounding_set},
    // setuid would clear what set_capabilities is to choose from.
    {"keep_capabilities", "keep the capabilities over setuid",
     [](const Plan& p) { return p.process.identity.uid != 0; }, keep_capabilities},
    // Groups need CAP_SETGID: before the user.
    {"groups", "set the additional groups",
     [](const Plan& p) { return p.process.identity.set_groups; }, set_groups},
    {"gid", "set the group", always, set_group},
    {"uid", "set the user", always, set_user},
    {"cwd_as_user", "enter the working directory", always, enter_cwd_as_user},
    {"prove_cwd", "prove the working directory", always, prove_cwd_inside},
    {"capabilities", "set the capabilities", always, set_capabilities},
    // Ambient ones must be permitted and inheritable already.
    {"ambient", "set the ambient capabilities",
     [](const Plan& p) { return p.process.identity.capabilities.ambient != 0; },
     raise_ambient_capabilities},
    {"no_new_privs", "set no_new_privs",
     [](const Plan& p) { return p.process.identity.no_new_privileges; }, set_no_new_privileges},
};

constexpr InitStep kLastSteps[] = {
    // As the user and in the working directory, as execve will see it; before `ready`, so that
    // create fails for a missing program.
    {"program", "find the program", always, locate_program},
    {"signals", "reset the signals", always, reset_signals},
    // Before the last filter, which may refuse close; only main's channel and the gate's ends stay.
    {"descriptors", "close the descriptors", always, close_descriptors},
    {"untie", "untie our life from main's", always, untie_from_main},
    // As late as possible: after it only read, write, execve and exit_group are used.
    {"late_filter", "load the seccomp filter", has_late_filter, load_filter},
    {"ready", "report to main", always, report_ready},
    {"committed", "wait for main", always, await_commit},
};

void set_up(std::span<const InitStep> first, InitContext& context) {
  relay_log(context);
  run_steps(first, context);
  run_steps(kProcessSteps, context);
  run_steps(kIdentitySteps, context);
  run_steps(kLastSteps, context);
}

}  // namespace

void relay_log(InitContext& context) {
  log::relay_to([&context](log::Level level, std::string_view text, std::string_view pointer) {
    if (level == log::Level::debug || level == log::Level::info) return context.channel.debug(text);
    context.channel.warning(text, pointer);
  });
}

bool has_early_filter(const plan::Plan& p) {
  return p.seccomp && !p.process.identity.no_new_privileges;
}

std::span<const InitStep> init_steps() {
  return kSteps;
}
std::span<const InitStep> process_steps() {
  return kProcessSteps;
}
std::span<const InitStep> identity_steps() {
  return kIdentitySteps;
}
std::span<const InitStep> last_steps() {
  return kLastSteps;
}

void run_steps(std::span<const InitStep> steps, InitContext& context) {
  for (const InitStep& step : steps) {
    if (!step.when(context.plan) || knocked_out("init", step.name)) continue;
    const Step scope(step.doing);
    step.run(context);
  }
}

void run_init(InitContext& context) noexcept {
  run_tables(kSteps, context);
}

void run_tables(std::span<const InitStep> first, InitContext& context) noexcept {
  try {
    set_up(first, context);
  } catch (Error& error) {
    if (context.filter_loaded) blame_filter(error, *context.plan.seccomp);
    context.channel.failed(error);
    sys::exit_now(1);
  } catch (const std::exception& error) {
    context.channel.failed(Error(ErrorKind::internal, error.what()));
    sys::exit_now(1);
  }
  pass_gate(context);
}

}  // namespace asylum::process
