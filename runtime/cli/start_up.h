// SPDX-License-Identifier: Apache-2.0
// What must be so before any command begins: standard streams, descriptors, the log.
#pragma once

#include <cstdint>

#include "runtime/cli/arguments.h"

namespace asylum::cli {

/// A closed standard stream would be given to the next file opened, and the container's output into
/// it: /dev/null.
void open_missing_standard_streams();

/// How many descriptors from 3 on were handed to this process by socket activation: LISTEN_FDS, if
/// LISTEN_PID is ours. Source: sd_listen_fds(3).
std::uint32_t listen_fds();

/// Everything above the standard streams and the next `preserved` ones becomes close-on-exec. Those
/// that are to be preserved must be open. Throws.
void guard_descriptors(std::uint32_t preserved);

/// Points the log to where the options want it. Throws when the file cannot be opened; the format
/// is set even then.
void configure_log(const GlobalOptions& options);

}  // namespace asylum::cli
