// SPDX-License-Identifier: Apache-2.0
// What the kernel keeps of a process for as long as a descriptor of it is open: PIDFD_GET_INFO.
#pragma once

#include <optional>

#include "runtime/sys/process/process.h"

namespace asylum::sys {

/// The end of a process that its parent has already reaped, whoever the parent is; the descriptor
/// must be older than its death. nullopt: not reaped, or the kernel does not keep it (before 6.15).
std::optional<WaitResult> try_reaped_end(int pidfd);

}  // namespace asylum::sys
