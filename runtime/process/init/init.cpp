// SPDX-License-Identifier: Apache-2.0
// The table of init's steps, and its runner. Why a row stands where it stands is said at the row;
// what must come before what is tested in tests/process/init_order_test.cpp.
// Runs in: init, from clone to execve.
#include "runtime/process/init/init.h"

#include <algorithm>
#include <exception>

#include "runtime/base/error.h"
#include "runtime/base/knockout.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/both/filter_blame.h"
#include "runtime/process/both/limits.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/process/process.h"

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

constexpr InitStep kArrivalSteps[] = {
    // Main waits for us, so until `committed` its death must be ours: nobody else would clean up.
    {"death_signal", "tie our life to main's", "", always, die_with_parent},
    // Id maps are written and the journal knows us: before this we may own nothing.
    {"proceed", "wait for main", "", always, await_proceed},
    // The kernel gives a private procfs to whoever has CAP_SYS_ADMIN here: while nothing of the
    // container is near, and before /proc (the fallback) is out of reach.
    {"procfs", "open a private procfs", "", needs_procfs, open_procfs},
    // The container's own /proc may be false, absent, or not show us.
    {"self_fd", "open the list of our descriptors", "", needs_home, open_self_fd},
};

constexpr InitStep kSteps[] = {
    // Writes /proc/self, which is not ours any more once we are non-dumpable.
    {"time_namespace", "set the clocks of the time namespace", "/linux/timeOffsets",
     has_clock_offsets, make_time_namespace},
    // The mapped root owns what we make from here on.
    {"become_root", "become root of the user namespace", "/linux/namespaces", becomes_root,
     become_root},
    // CVE-2016-9962: a process of the container may see us in shared namespaces.
    {"undumpable", "hide our memory", "", always, become_undumpable},
    {"session", "become a session leader", "", always, start_session},
    {"keyring", "join a new session keyring", "",
     [](const Plan& p) { return p.new_session_keyring; }, join_keyring},
    {"loopback", "bring the loopback device up", "", [](const Plan& p) { return p.loopback_up; },
     raise_loopback},
    // Modes of directories and nodes we make are exact.
    {"umask_zero", "clear the umask", "", always, clear_umask},
    // First of all mount work: nothing we do may travel to the host.
    {"propagation", "cut the mount tree off from the host's", "/linux/rootfsPropagation", has_root,
     detach_propagation},
    {"root", "make the root file system a mount", "/root/path", has_root, attach_root},
    {"mounts", "make the mounts", "/mounts",
     [](const Plan& p) { return has_root(p) && !p.mounts.empty(); }, make_mounts},
    // Into the /dev that the mounts made.
    {"devices", "make the devices", "",
     [](const Plan& p) { return has_root(p) && !p.devices.empty(); }, make_devices},
    {"links", "make the links of /dev", "",
     [](const Plan& p) { return has_root(p) && !p.links.empty(); }, make_links},
    // From the container's devpts, while its ptmx is certainly the one that the mounts made.
    {"console", "make the terminal", "/process/terminal",
     [](const Plan& p) { return has_root(p) && has_terminal(p); }, make_console},
    // The source of masks where no /dev of the container's can have it: while the host's is in
    // reach.
    {"host_null", "clone the host's /dev/null", "/linux/maskedPaths",
     [](const Plan& p) { return has_root(p) && !p.own_dev && !p.masked_paths.empty(); },
     clone_host_null},
    // prestart and createRuntime: after the namespaces and mounts, before pivot_root.
    {"host_hooks", "wait for the prestart and createRuntime hooks", "", has_host_hooks,
     await_host_hooks},
    // Their paths are the host's, so before pivot_root; and they may still change the root.
    {"create_container_hooks", "run the createContainer hooks", "/hooks/createContainer",
     [](const Plan& p) { return !p.hooks_of(HookStage::create_container).empty(); },
     run_create_container_hooks},
    {"pivot", "change the root", "/root/path", has_root, change_root},
    {"chroot", "enter the root", "/root/path", has_no_root, enter_root},
    // Without a root of our own there is no /dev/console of our own either.
    {"borrowed_console", "make the terminal", "/process/terminal",
     [](const Plan& p) { return has_no_root(p) && has_terminal(p); }, make_unbound_console},
    // After pivot_root, which refuses a shared root.
    {"root_propagation", "set the propagation of the root", "/linux/rootfsPropagation",
     [](const Plan& p) { return has_root(p) && p.root.propagation.has_value(); },
     set_root_propagation},
    // What is created in the root must be before the root becomes read-only.
    {"make_cwd", "make the working directory", "/process/cwd",
     [](const Plan& p) { return p.process.cwd != "/"; }, make_cwd},
    // Hooks, devices, links and cwd have been put into them.
    {"readonly_mounts", "make furnished mounts read-only", "/mounts", has_root,
     make_mounts_readonly},
    {"readonly_root", "make the root read-only", "/root/readonly",
     [](const Plan& p) { return has_root(p) && p.root.readonly; }, make_root_readonly},
    // Through the private procfs; before read-only paths all the same, where the fallback is /proc.
    {"sysctls", "set the sysctls", "/linux/sysctl",
     [](const Plan& p) { return !p.sysctls.empty(); }, write_sysctls},
    // After pivot_root, so that no path of the host is in reach; read-only before masked, because
    // what is masked need not be looked up again.
    {"readonly_paths", "make paths read-only", "/linux/readonlyPaths",
     [](const Plan& p) { return has_root(p) && !p.readonly_paths.empty(); }, make_paths_readonly},
    // The source of masks, proven (CVE-2025-31133). Nothing can replace it after pivot_root.
    {"dev_null", "open /dev/null", "/linux/maskedPaths",
     [](const Plan& p) { return has_root(p) && p.own_dev && !p.masked_paths.empty(); },
     open_dev_null},
    {"masked_paths", "mask paths", "/linux/maskedPaths",
     [](const Plan& p) { return has_root(p) && !p.masked_paths.empty(); }, mask_paths},
    // The root is whole. Where it is seen by others from here on, it is only looked at by us.
    {"attach", "attach the root in the joined mount namespace", "/root/path",
     [](const Plan& p) { return p.root.is == plan::RootIs::attached; }, attach_in_joined_namespace},
    {"hostname", "set the host name", "/hostname",
     [](const Plan& p) { return p.hostname.has_value(); }, set_hostname},
    {"domainname", "set the domain name", "/domainname",
     [](const Plan& p) { return p.domainname.has_value(); }, set_domainname},
    {"affinity", "reset the CPU affinity", "", always, reset_affinity},
};

// What is the same for a program that exec starts. What needs root's capabilities comes before the
// identity.
constexpr InitStep kProcessSteps[] = {
    {"memory_policy", "set the memory policy", "/linux/memoryPolicy",
     [](const Plan& p) { return p.process.memory_policy.has_value(); }, set_memory_policy},
    {"scheduler", "set the scheduler", "/process/scheduler",
     [](const Plan& p) { return p.process.scheduler.has_value(); }, set_scheduler},
    {"io_priority", "set the io priority", "/process/ioPriority",
     [](const Plan& p) { return p.process.io_priority.has_value(); }, set_io_priority},
    {"personality", "set the personality", "/linux/personality",
     [](const Plan& p) { return p.process.personality.has_value(); }, set_personality},
    {"stdio", "make the terminal the standard streams", "/process/terminal", has_terminal,
     make_console_stdio},
    {"stdio_owner", "give stdio to the user", "/process/user/uid", has_no_terminal, own_stdio},
    {"labels", "set the security labels", "",
     [](const Plan& p) {
       const plan::Identity& who = p.process.identity;
       return !who.apparmor_profile.empty() || !who.selinux_label.empty();
     },
     set_labels},
    // Reads /etc/passwd as root and with descriptors to spare.
    {"environment", "complete the environment", "", always, complete_environment},
    // As late as can be: main compiles while we mount.
    {"fetch_filter", "get the seccomp filter", "/linux/seccomp",
     [](const Plan& p) { return p.seccomp.has_value(); }, fetch_filter},
    // A limit of descriptors or memory must not starve our own set-up.
    {"limits", "set the resource limits", "/process/rlimits",
     [](const Plan& p) { return !p.process.limits.empty(); }, set_limits},
};

// What a child does not inherit, or what its birth must not be counted against.
constexpr InitStep kOwnSteps[] = {
    // The session's leader alone can.
    {"terminal", "attach the terminal", "/process/terminal", has_terminal, control_terminal},
    {"counting_limits", "set the resource limits", "/process/rlimits",
     [](const Plan& p) {
       const auto& limits = p.process.limits;
       return std::any_of(limits.begin(), limits.end(), counts_what_is_ours);
     },
     set_counting_limits},
    // Before a filter that may refuse getpid.
    {"listen_pid", "name our pid in LISTEN_PID", "",
     [](const Plan& p) { return p.process.listen_fds > 0; }, set_listen_pid},
};

constexpr InitStep kIdentitySteps[] = {
    {"umask", "set the umask", "/process/user/umask", always, set_umask},
    {"cwd", "enter the working directory", "/process/cwd", always, enter_cwd},
    // Needs CAP_SETPCAP, so before the capabilities are set.
    {"bounding", "drop the bounding set", "/process/capabilities/bounding", always,
     drop_bounding_set},
    // setuid would clear what set_capabilities is to choose from.
    {"keep_capabilities", "keep the capabilities over setuid", "/process/capabilities",
     [](const Plan& p) { return p.process.identity.uid != 0; }, keep_capabilities},
    // Groups need CAP_SETGID: before the user.
    {"groups", "set the additional groups", "/process/user/additionalGids", always, set_groups},
    {"gid", "set the group", "/process/user/gid", always, set_group},
    {"uid", "set the user", "/process/user/uid", always, set_user},
    {"cwd_as_user", "enter the working directory", "/process/cwd", always, enter_cwd_as_user},
    {"prove_cwd", "prove the working directory", "/process/cwd", always, prove_cwd_inside},
    {"capabilities", "set the capabilities", "/process/capabilities", always, set_capabilities},
    // Ambient ones must be permitted and inheritable already. Always: those of the caller, where
    // the config has them inheritable, would stay.
    {"ambient", "set the ambient capabilities", "/process/capabilities/ambient", always,
     raise_ambient_capabilities},
    {"no_new_privs", "set no_new_privs", "/process/noNewPrivileges",
     [](const Plan& p) { return p.process.identity.no_new_privileges; }, set_no_new_privileges},
    // A change of ids sets it to fs.suid_dumpable: where that is 1, the container's user could
    // trace us until execve.
    {"still_undumpable", "hide our memory", "", always, become_undumpable},
};

constexpr InitStep kProgramSteps[] = {
    // As the user and in the working directory, as execve will see it; before `ready`, so that
    // create fails for a missing program.
    {"program", "find the program", "/process/args/0", always, locate_program},
    {"signals", "reset the signals", "", always, reset_signals},
    // Before the filter, which may refuse close; only main's channel and the gate's ends stay.
    {"descriptors", "close the descriptors", "", always, close_descriptors},
};

constexpr InitStep kFinalSteps[] = {
    // Whoever enters a created container and may trace us reads it while we wait at the gate.
    {"wipe_environment", "wipe the caller's environment", "", always, wipe_environment},
    {"untie", "untie our life from main's", "", always, untie_from_main},
    // Last, whatever it needs to be loaded with: a profile may be older than any call of ours.
    // After it only read, write, execve and exit_group are used, and capset without no_new_privs.
    {"filter", "load the seccomp filter", "/linux/seccomp", has_filter, load_filter},
};

constexpr InitStep kLastSteps[] = {
    {"ready", "report to main", "", always, report_ready},
    {"committed", "wait for main", "", always, await_commit},
};

}  // namespace

const plan::NamespacePlan& namespaces_of(const Plan& plan) {
  return plan;
}
const plan::RootPlan& root_of(const Plan& plan) {
  return plan;
}
const plan::Process& process_of(const Plan& plan) {
  return plan.process;
}

void relay_log(InitContext& context) {
  log::relay_to([&context](log::Level level, std::string_view text, std::string_view pointer) {
    if (level == log::Level::debug || level == log::Level::info) return context.channel.debug(text);
    context.channel.warning(text, pointer);
  });
}

bool has_filter(const plan::Plan& p) {
  return p.seccomp.has_value();
}

std::span<const InitStep> arrival_steps() {
  return kArrivalSteps;
}
std::span<const InitStep> init_steps() {
  return kSteps;
}
std::span<const InitStep> process_steps() {
  return kProcessSteps;
}
std::span<const InitStep> own_steps() {
  return kOwnSteps;
}
std::span<const InitStep> identity_steps() {
  return kIdentitySteps;
}
std::span<const InitStep> program_steps() {
  return kProgramSteps;
}
std::span<const InitStep> final_steps() {
  return kFinalSteps;
}
std::span<const InitStep> last_steps() {
  return kLastSteps;
}

void run_steps(std::span<const InitStep> steps, InitContext& context) {
  for (const InitStep& step : steps) {
    if (!step.when(context.plan) || knocked_out("init", step.name)) continue;
    const Step scope(step.doing, step.pointer);
    try {
      step.run(context);
    } catch (const Error&) {
      throw;
    } catch (const std::exception& error) {  // no memory: said of the step, while it is open
      throw Error(ErrorKind::internal, error.what());
    }
  }
}

void run_init(InitContext& context) noexcept {
  relay_log(context);
  run_tables({kArrivalSteps, kSteps, kProcessSteps, kOwnSteps, kIdentitySteps, kProgramSteps,
              kFinalSteps, kLastSteps},
             context);
  pass_gate(context);
}

void run_tables(std::initializer_list<std::span<const InitStep>> tables,
                InitContext& context) noexcept {
  try {
    for (const std::span<const InitStep> table : tables) run_steps(table, context);
  } catch (Error& error) {
    if (context.filter_loaded) blame_filter(error, *context.plan.seccomp);
    context.channel.failed(error);
    sys::exit_now(1);
  } catch (const std::exception& error) {
    context.channel.failed(Error(ErrorKind::internal, error.what()));
    sys::exit_now(1);
  }
}

}  // namespace asylum::process
