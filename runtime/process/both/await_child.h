// SPDX-License-Identifier: Apache-2.0
// How main waits for a process that it is setting up, and that is in reach of others already.
// Runs in: main.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>

#include "runtime/sys/poll.h"

namespace asylum::process {

/// Whether the cgroup that this process is in now is frozen. Empty: nobody can tell.
using IsFrozen = std::function<bool(pid_t pid)>;

/// The process that something is expected of.
struct AwaitedChild {
  pid_t pid = -1;
  int pidfd = -1;
  IsFrozen is_frozen{};
  sys::Deadline deadline = sys::Deadline::never();  // the command line's own
};

/// How long a process of ours may be held still by the container that it enters.
inline constexpr std::int64_t kStillnessMs = 10'000;

/// Until `fd` has something to read or its other end is closed; false if instead the child has
/// ended (others may still hold the other end). However long it takes: a process that runs, sleeps
/// or waits for I/O is waited for. One that the container stops (SIGSTOP, a tracer) or freezes for
/// `stillness_ms` on end is killed, and the Error (denied) says so. Throws ErrorKind::timed_out at
/// the child's deadline, and an Interruption (interruption.h).
[[nodiscard]] bool await_child(int fd, const AwaitedChild& child,
                               std::int64_t stillness_ms = kStillnessMs);

}  // namespace asylum::process
