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

#include "runtime/sys/fd.h"

namespace asylum::process {

inline constexpr char kGoName[] = "go";
inline constexpr char kAnswerName[] = "answer";

/// What init is called in /proc/PID/stat until its execve: how a death during execve is recognised.
inline constexpr char kInitName[] = "asylum:[init]";

// The bytes of the answer: optionally kExecuting, the program's path and kProgramEnd; then optionally
// an encoded Error.
inline constexpr std::string_view kExecuting = "X";
inline constexpr std::string_view kProgramEnd{"\0", 1};

/// Init's ends, opened read-write by main before the clone (a FIFO's bytes are lost when no end is
/// open). Main gives its own copy up after launch (`gate = {}`): while it holds one, end of file
/// cannot be seen.
struct GateEnds {
  sys::Fd go;
  sys::Fd answer;
};

/// Makes both FIFOs (0600) in the state directory and opens init's ends. Runs in: main (create, run).
GateEnds make_gate(int state_directory);

// ---- the gate of exec ---------------------------------------------------------------------------

/// The same gate between exec and its process: both live now, so pipes serve, and nothing has a
/// name.
struct PipeGate {
  GateEnds ends;  // the process's; main gives its copy up after launch
  sys::Fd go;     // main's
  sys::Fd answer;
};
PipeGate make_pipe_gate();

}  // namespace asylum::process
