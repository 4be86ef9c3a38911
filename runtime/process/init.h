// SPDX-License-Identifier: Apache-2.0
// The child's side: a table of named steps from the clone to the gate, then execve.
// Runs in: init.
#pragma once

#include <cstdint>
#include <span>

#include "runtime/plan/plan.h"
#include "runtime/process/channel.h"
#include "runtime/process/start_gate.h"
#include "runtime/sys/fd.h"
#include "runtime/sys/rootfs.h"

namespace asylum::process {

/// Everything init works with. Lives in main's frame at the clone; init has its own copy-on-write image of it.
struct InitContext {
  const plan::Plan& plan;
  ChildChannel channel;        // to main
  const GateEnds& gate;
  std::int64_t host_pid = 0;   // our pid as the host sees it, from `proceed`; for the state that hooks get
  sys::Rootfs rootfs;          // replaceable: a mount on "/" replaces its root
  sys::Fd proc;                // verified procfs of the container's pid namespace
  sys::Fd console;             // pty peer, when the plan has a terminal
  sys::Fd dev_null;            // opened once and verified: character device 1:3
  sys::Fd filter;              // memfd of the seccomp program
};

/// One row of the table. `name` serves errors, explain, trace and knock-out ("init:<name>").
struct InitStep {
  const char* name;
  const char* doing;                        // imperative, for Step: "set the host name"
  bool (*when)(const plan::Plan& plan);     // whether this plan needs it
  void (*run)(InitContext& context);
};

/// The steps in order, with a why-comment a row. Order constraints are tested by name (tests/process).
std::span<const InitStep> init_steps();

/// The identity steps alone (credentials, capabilities, no_new_privs, cwd): exec runs them too.
std::span<const InitStep> identity_steps();

/// Runs the table, tells main `ready`, waits at the gate, executes the program. Leaves by execve or _exit.
[[noreturn]] void run_init(InitContext& context) noexcept;

}  // namespace asylum::process
