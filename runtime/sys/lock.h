// SPDX-License-Identifier: Apache-2.0
// The lock of a container: fcntl(F_SETLK), which a cloned child does not inherit (flock and OFD
// locks it would). It is lost when the process closes ANY descriptor of the file: open it once,
// never again.
#pragma once

#include <sys/types.h>

#include <optional>

#include "runtime/sys/poll.h"

namespace asylum::sys {

/// Takes the write lock of the whole file. false when somebody holds it. Throws.
[[nodiscard]] bool try_lock(int fd);
/// Waits for it. false when the deadline passed. Sleeps in the kernel, woken by SIGALRM at the
/// deadline (its timer and disposition are ours for that time). Throws.
[[nodiscard]] bool lock_until(int fd, const Deadline& deadline);

/// The pid of a process that holds a lock which conflicts with ours; nullopt if the lock is free
/// (or our own). 0 when the holder is in another pid namespace. Throws.
std::optional<pid_t> lock_holder(int fd);

}  // namespace asylum::sys
