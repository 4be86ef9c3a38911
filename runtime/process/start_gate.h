// SPDX-License-Identifier: Apache-2.0
// The start gate: two FIFOs in the state directory between init, waiting after create, and the command `start`.
//   go      start → init: one byte; init waits in read(2). A reader exists exactly as long as init is at the gate,
//           so "created" is a fact of the kernel: open(O_WRONLY|O_NONBLOCK) of it succeeds.
//   answer  init → start: `executing` as the last act before execve, or an encoded Error; end of file = init is gone.
// FIFOs and no socket: the paths of Docker's and k3s's state directories exceed sun_path (design §6).
#pragma once

#include <string>

#include "runtime/sys/fd.h"

namespace asylum::process {

inline constexpr char kGoName[] = "go";
inline constexpr char kAnswerName[] = "answer";

/// Init's ends, opened read-write by main before the clone (a FIFO's bytes are lost when no end is open).
struct GateEnds {
  sys::Fd go;
  sys::Fd answer;
};

/// Makes both FIFOs (0600) in the state directory and opens init's ends. Runs in: main (create, run).
GateEnds make_gate(int state_directory);

/// Whether an init waits behind the gate of this state directory. Runs in: any command.
bool is_init_at_gate(int state_directory);

/// Opens the gate and waits for the outcome. Throws ErrorKind::exec_failed with init's Error, or an explanation of
/// its death from pidfd and wait status. Removes both FIFOs in every case. Runs in: start, run.
void open_gate(int state_directory, int init_pidfd, int init_pid);

}  // namespace asylum::process
