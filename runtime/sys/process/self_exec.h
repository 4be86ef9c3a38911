// SPDX-License-Identifier: Apache-2.0
// Makes our own executable unwritable for whoever reaches it through /proc/PID/exe of a process of
// ours that has entered a container (CVE-2019-5736). Source: design §8.4.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

namespace asylum::sys {

struct IdRange {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

/// What makes the protection needless.
struct SelfProtection {
  bool own_mount_namespace =
      false;  // the container has a mount namespace of its own: a read-only mount suffices
  bool own_user_namespace =
      false;  // ... and a user namespace of its own, into which `mapped_uids` are mapped
  std::vector<IdRange> mapped_uids;  // as this process sees them; an owner outside cannot be become
};

/// Descriptors of the caller's that a file is to be read from by name (/dev/fd/63): the program
/// that is executed again finds them open. Only what was open before anything of ours may be named.
void keep_over_self_exec(std::vector<int> descriptors);

/// Returns when nothing need be done (or it has been: recognised by what the executable is, not by
/// a mark in the environment), else executes the program again, same argv and environment, from a
/// read-only detached clone of its mount; where that is not permitted, from a sealed copy in
/// memory. Does not return then. Call first in `create`, `run` and `exec`, before anything is
/// opened or made. Throws.
void protect_own_executable(const SelfProtection& facts, char* const* argv);

}  // namespace asylum::sys
