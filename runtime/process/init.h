// SPDX-License-Identifier: Apache-2.0
// The child's side: a table of named steps from the clone to the gate, then execve.
// Runs in: init.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/process/channel.h"
#include "runtime/process/joins.h"
#include "runtime/process/start_gate.h"
#include "runtime/sys/fd.h"
#include "runtime/sys/procfs.h"
#include "runtime/sys/rootfs.h"

namespace asylum::process {

/// Everything init works with. Lives in main's frame at the clone; init has its own copy-on-write
/// image of it. Main fills the first three; the rest is init's own.
struct InitContext {
  const plan::Plan& plan;
  ChildChannel channel;  // to main
  const GateEnds& gate;
  std::int64_t host_pid = 0;            // our pid as the host sees it, from `proceed`
  sys::Rootfs rootfs{sys::Fd()};        // replaceable: a mount on "/" replaces its root
  std::optional<sys::Procfs> procfs;    // of the container's pid namespace; see procfs_of()
  std::optional<Join> mount_namespace;  // to attach the root in, when it is built
  sys::Fd console;                      // pty peer, when the plan has a terminal
  sys::Fd dev_null;   // the container's, opened once and verified: character device 1:3
  sys::Fd host_null;  // instead, where /dev is not the container's own: a detached mount
  std::vector<sys::Fd> readonly_last;  // mounts that become read-only when they are furnished
  std::string filter;                  // the seccomp program, struct sock_filter[] as bytes
  bool filter_loaded = false;          // what fails from now on may be the filter's answer
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
  bool (*when)(const plan::Plan& plan);  // whether this plan needs it
  void (*run)(InitContext& context);
};

/// The steps in four tables that run one after the other, with a why-comment a row. Order
/// constraints are tested by name (tests/process/init_order_test.cpp). Exec has a first table of
/// its own and shares the rest.
std::span<const InitStep> init_steps();      // from the clone to a finished root
std::span<const InitStep> process_steps();   // scheduling, stdio, environment, limits
std::span<const InitStep> identity_steps();  // cwd, credentials, capabilities
std::span<const InitStep> last_steps();      // program, signals, descriptors, `ready`, `committed`

/// From here on warnings and debug lines go to main.
void relay_log(InitContext& context);

/// Runs those steps of a table that the plan needs, each in a Step scope. Throws what they throw.
void run_steps(std::span<const InitStep> steps, InitContext& context);

/// Runs `first`, the process steps, the identity steps and the last ones, tells main `ready` (or
/// what failed), waits at the gate, executes the program. Leaves by execve or _exit.
[[noreturn]] void run_tables(std::span<const InitStep> first, InitContext& context) noexcept;

/// The same with init_steps(): the life of a container's init.
[[noreturn]] void run_init(InitContext& context) noexcept;

}  // namespace asylum::process
