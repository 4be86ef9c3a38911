// SPDX-License-Identifier: Apache-2.0
// The foreground of `run` and `exec` without --detach: signals and the terminal go to the
// program, its end comes back as our exit code. Runs in: main, as parent (and child subreaper) of
// the program.
#pragma once

#include <signal.h>
#include <sys/types.h>

#include <functional>

#include "runtime/process/attach/notify_socket.h"
#include "runtime/sys/fd.h"
#include "runtime/sys/poll.h"

namespace asylum::process {

/// Signals held back for the program. Made before the start gate opens, so that none is lost in
/// between: from here on every signal waits in the descriptor.
class HeldSignals {
 public:
  HeldSignals();
  int fd() const { return fd_.get(); }

 private:
  sys::Fd fd_;
};

struct RelayRequest {
  pid_t pid = -1;  // the program; our child
  int pidfd = -1;
  const HeldSignals& signals;
  sys::Fd master;  // of the container's terminal; none = the program has our own stdio
  sys::Deadline deadline = sys::Deadline::never();
  std::function<void()> at_deadline{};  // once; it is expected to end the program
  NotifySocket* notify = nullptr;       // READY is passed on; the service's main process is then we
};

/// Until the program has ended: forwards every signal but SIGCHLD (reaps all), SIGWINCH (resizes)
/// and SIGPIPE; copies between our stdio and the terminal, ours being raw meanwhile. Loses no
/// output: the terminal is read to its end afterwards. SIGTSTP is forwarded and then stops us, with
/// the terminal as it was. Returns the program's exit code, or 128 + signal. Our terminal is
/// restored whatever happens.
int relay(RelayRequest request);

}  // namespace asylum::process
