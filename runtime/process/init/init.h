// SPDX-License-Identifier: Apache-2.0
// The child's side: a table of named steps from the clone to the gate, then execve.
// Runs in: init.
#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "runtime/late/both/mount_table.h"
#include "runtime/process/both/channel.h"
#include "runtime/process/both/joins.h"
#include "runtime/process/both/start_gate.h"
#include "runtime/sys/fd.h"
#include "runtime/sys/mount/rootfs.h"
#include "runtime/sys/process/credentials.h"
#include "runtime/sys/procfs.h"

namespace asylum::plan {
struct NamespacePlan;
struct Plan;
struct Process;
struct RootPlan;
}  // namespace asylum::plan

namespace asylum::process {

const plan::NamespacePlan& namespaces_of(const plan::Plan& plan);
const plan::RootPlan& root_of(const plan::Plan& plan);
const plan::Process& process_of(const plan::Plan& plan);

/// Everything init works with. Lives in main's frame at the clone; init has its own copy-on-write
/// image of it. Main fills the first four, and of a container that is entered what is open of it;
/// the rest is init's own.
struct InitContext {
  const plan::Plan& plan;
  // Its parts, for who needs one and not the whole.
  const plan::NamespacePlan& spaces = namespaces_of(plan);
  const plan::RootPlan& tree = root_of(plan);
  const plan::Process& process = process_of(plan);
  ChildChannel channel;  // to main
  const GateEnds& gate;
  // We clone the program's process at the end (birth.h): what does not survive a fork is left to
  // it, and to main.
  bool is_bridge = false;
  std::vector<Join> joins;  // of the container that is entered; a builder's first
  // A builder's: those that init would make, and that of a pid namespace where that can wait.
  std::vector<Join> later_joins;
  std::optional<Join> last_join;
  sys::Fd pid_namespace;  // of the container, where we are not in it; for a new proc
  pid_t builder = 0;      // whose createContainer hooks we run (builder_hooks.h)
  // Lets go of what the visible child has no use for, in the bridge's own copy.
  const std::function<void()>* forget = nullptr;
  pid_t own_pid = 0;          // of a bridge's child: its pid, told by the kernel at birth
  std::int64_t host_pid = 0;  // our pid as the host sees it, from `proceed`
  std::vector<late::KernelView> host_views;  // without pivot_root: what of the host must go
  sys::Rootfs rootfs{sys::Fd()};             // replaceable: a mount on "/" replaces its root
  std::optional<sys::Procfs> procfs;         // of the container's pid namespace; see procfs_of()
  sys::Fd self_fd;                           // /proc/self/fd of the host's procfs, to find HOME
  std::optional<Join> mount_namespace;       // to attach the root in, when it is built
  sys::Fd console;                           // pty peer, when the plan has a terminal
  sys::Fd dev_null;   // the container's, opened once and verified: character device 1:3
  sys::Fd host_null;  // instead, where /dev is not the container's own: a detached mount
  // Mounts with words about their propagation, which win over what the root says of all.
  std::vector<std::pair<sys::Fd, const std::vector<PropagationChange>*>> own_propagation;
  std::vector<sys::Fd> readonly_last;  // mounts that become read-only when they are furnished
  std::string filter;                  // the seccomp program, struct sock_filter[] as bytes
  sys::Capabilities capabilities;      // what the program is to have of them
  bool filter_loaded = false;          // what fails from now on may be the filter's answer
  bool filter_waits = false;           // for the bridge's child to load it: see lets_be_born()
  // mounts add: sources are the host's, fetched from main beforehand, by the mount's index; what
  // was attached can be undone.
  bool enters = false;
  std::vector<sys::Fd> sources;
  std::vector<sys::Fd> attached;
  bool cwd_pending = false;              // chdir was refused to root; the user may be allowed to
  std::vector<std::string> environment;  // the plan's, with HOME
  std::string program;                   // what args[0] was found as
};

/// One row of the table. `name` serves errors, explain, trace and knock-out ("init:<name>").
struct InitStep {
  const char* name;
  const char* doing;                     // imperative, for Step: "set the host name"
  const char* pointer;                   // the property it carries out; "": none of the config's
  bool (*when)(const plan::Plan& plan);  // whether this plan needs it
  void (*run)(InitContext& context);
};

/// The steps in tables that run one after the other, with a why-comment a row. Order constraints
/// are tested by name (tests/process/init_order_test.cpp). Exec and a builder have tables of their
/// own before, between and behind those that they share (exec_steps.h, builder_steps.h, birth.h).
std::span<const InitStep> arrival_steps();   // right after the clone
std::span<const InitStep> init_steps();      // from there to a finished root
std::span<const InitStep> process_steps();   // scheduling, stdio, environment, limits
std::span<const InitStep> own_steps();       // what holds for one process, not for its children
std::span<const InitStep> identity_steps();  // cwd, credentials, capabilities
std::span<const InitStep> program_steps();   // program, signals, descriptors
std::span<const InitStep> final_steps();     // nothing else is called after the filter
std::span<const InitStep> last_steps();      // `ready`, `committed`

/// From here on warnings and debug lines go to main.
void relay_log(InitContext& context);

/// Runs those steps of a table that the plan needs, each in a Step scope. Throws what they throw.
void run_steps(std::span<const InitStep> steps, InitContext& context);

/// Runs all of these, one after the other. What is thrown goes to main as `failed`, with the
/// filter's rule where it is to blame, and ends this process.
void run_tables(std::initializer_list<std::span<const InitStep>> tables,
                InitContext& context) noexcept;

/// The life of a container's init: its tables, the gate, the program. Leaves by execve or _exit.
[[noreturn]] void run_init(InitContext& context) noexcept;

}  // namespace asylum::process
