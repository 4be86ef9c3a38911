// SPDX-License-Identifier: Apache-2.0
// What must be so before any command begins: standard streams, descriptors, the log.
#pragma once

#include <cstdint>

#include "runtime/cli/arguments.h"

namespace asylum::cli {

/// A closed standard stream would be given to the next file opened, and the container's output into
/// it: /dev/null.
void open_missing_standard_streams();

/// Everything above the standard streams, the next `listen` (LISTEN_FDS) and the `preserved` ones
/// after them becomes close-on-exec. Those preserved must be open. Throws.
void guard_descriptors(std::uint32_t listen, std::uint32_t preserved);

/// Points the log to where the options want it. Throws when the file cannot be opened; the format
/// is set even then.
void configure_log(const Arguments& arguments);

}  // namespace asylum::cli
