// SPDX-License-Identifier: Apache-2.0
// The start gate: two FIFOs in the state directory between init, waiting after create, and the
// command `start`.
//   go      start → init: one byte; init waits in read(2). A reader exists exactly as long as init
//           is at the gate, unless somebody else opened it through /proc: "created" is a fact of
//           the kernel, open(O_WRONLY|O_NONBLOCK) of it succeeds and init bears its own name.
//   answer  init → start: `executing` as the last act before execve, or an encoded Error; end of
//           file = init is gone.
// FIFOs and no socket: the paths of Docker's and k3s's state directories exceed sun_path (design
// §6).
#pragma once

#include <string_view>

#include "runtime/base/error.h"
#include "runtime/process/filter_blame.h"
#include "runtime/sys/fd.h"

namespace asylum::process {

inline constexpr char kGoName[] = "go";
inline constexpr char kAnswerName[] = "answer";

/// What init is called in /proc/PID/stat until its execve: how a death during execve is recognised.
inline constexpr char kInitName[] = "asylum:[init]";

/// Init's ends, opened read-write by main before the clone (a FIFO's bytes are lost when no end is
/// open). Main gives its own copy up after launch (`gate = {}`): while it holds one, end of file
/// cannot be seen.
struct GateEnds {
  sys::Fd go;
  sys::Fd answer;
};

/// Makes both FIFOs (0600) in the state directory and opens init's ends. Runs in: main (create,
/// run).
GateEnds make_gate(int state_directory);

/// Whether this init waits behind the gate of this state directory: the gate has a reader, and init
/// is no other program yet (a process of the container can hold the gate open). Runs in: any
/// command.
bool is_init_at_gate(int state_directory, int init_pid);

/// Opens the gate and waits for the outcome. Throws ErrorKind::exec_failed with init's Error, or an
/// explanation of its death from pidfd and wait status. Removes both FIFOs in every case. Runs in:
/// start, run. `cgroup` is its cgroup's directory, to tell a death by memory limit from any other;
/// -1 = none. `profile` is asked for the seccomp rules when a death may be their doing.
void open_gate(int state_directory, int init_pidfd, int init_pid, int cgroup = -1,
               const ProfileSource& profile = {});

// ---- the gate of exec ---------------------------------------------------------------------------

/// The same gate between exec and its process: both live now, so pipes serve, and nothing has a
/// name.
struct PipeGate {
  GateEnds ends;  // the process's; main gives its copy up after launch
  sys::Fd go;     // main's
  sys::Fd answer;
};
PipeGate make_pipe_gate();

/// As open_gate above, for exec. Runs in: exec.
void open_gate(PipeGate& gate, int pidfd, int pid, int cgroup = -1,
               const ProfileSource& profile = {});

// ---- init's half (start_gate_init.cpp)
// --------------------------------------------------------------------------

/// As pid 1 of its namespace init is deaf to signals without handler; at the gate TERM, INT and HUP
/// end it (exit code 128 + signal). Call before the last filter is loaded; execve resets the
/// handlers.
void die_of_signals_at_gate();

/// Blocks in read(2) until `start` writes. After it nothing but read, write, execve and exit_group
/// is used.
void wait_for_go(const GateEnds& gate);

/// The last act before execve. `program` is what execve gets, for the words of `start` if that
/// kills the process.
void answer_executing(const GateEnds& gate, std::string_view program = {});
/// Instead of it, or after it when execve came back.
void answer_error(const GateEnds& gate, const Error& error) noexcept;

}  // namespace asylum::process
