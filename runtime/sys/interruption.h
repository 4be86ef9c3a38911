// SPDX-License-Identifier: Apache-2.0
// Signals that ask a command to end while it waits for something. They are blocked, so that none is
// lost before the program can have it (foreground.h); without this nobody would hear them either.
#pragma once

#include "runtime/base/error.h"
#include "runtime/sys/fd.h"

namespace asylum::sys {

/// A signal came while something was waited for: what was begun is undone, and the command ends.
class Interruption : public Error {
 public:
  explicit Interruption(int signal_number);
  int signal;
};

/// While it lives, every wait of this process (poll.h) ends at the first SIGTERM, SIGINT, SIGHUP or
/// SIGQUIT by throwing an Interruption; only the first, so that what is undone then can be waited
/// for. The caller has blocked these signals. One at a time; a cloned child has none.
class Interruptible {
 public:
  Interruptible();
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  Fd fd_;
};

/// What a wait polls besides its own descriptors; -1 while nothing is to be heard.
int interruption_fd();
/// After interruption_fd() was readable. Throws Interruption.
void take_interruption();
/// In a child: its parent's signals are not its own.
void forget_interruption();

}  // namespace asylum::sys
