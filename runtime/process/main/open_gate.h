// SPDX-License-Identifier: Apache-2.0
// Main's half of the start gate: whether init waits behind it, and opening it for good or for an
// explanation.
// Runs in: any command (is_init_at_gate); start, run and exec (open_gate).
#pragma once

#include "runtime/process/both/filter_blame.h"
#include "runtime/process/both/start_gate.h"

namespace asylum::process {

/// Whether this init waits behind the gate of this state directory: the gate has a reader, and init
/// is no other program yet (a process of the container can hold the gate open).
bool is_init_at_gate(int state_directory, int init_pid);

/// Opens the gate and waits for the outcome. Throws ErrorKind::exec_failed with init's Error, or an
/// explanation of its death from pidfd and wait status. Removes both FIFOs in every case. `cgroup`
/// is its cgroup's directory, to tell a death by memory limit from any other; -1 = none. `profile`
/// is asked for the seccomp rules when a death may be their doing.
void open_gate(int state_directory, int init_pidfd, int init_pid, int cgroup = -1,
               const ProfileSource& profile = {});
/// The same for exec.
void open_gate(PipeGate& gate, int pidfd, int pid, int cgroup = -1,
               const ProfileSource& profile = {});

}  // namespace asylum::process
