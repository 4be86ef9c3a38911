// SPDX-License-Identifier: Apache-2.0
// What must be so before any command begins: standard streams, descriptors, the log.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/cli/options/arguments.h"

namespace asylum::cli {

/// A closed standard stream would be given to the next file opened, and the container's output into
/// it: /dev/null.
void open_missing_standard_streams();

/// What LISTEN_FDS and LISTEN_PID of our environment say. Source: sd_listen_fds(3).
struct ListenFds {
  std::uint32_t count = 0;  // descriptors from 3 on; 0 when LISTEN_PID names another process
  bool names_us = false;    // LISTEN_PID is ours, and not merely absent
};
ListenFds read_listen_fds();

/// Before the first descriptor of ours is opened: whatever number the program is to inherit must be
/// open now, else it would be one of ours by then (CVE-2024-21626). Those that were passed (3 on),
/// and the `preserved` ones after them, stay as they are; all above becomes close-on-exec. Returns
/// how many were passed: `claimed.count`, or 0 if one of them is not open and the claim does not
/// name us. Throws for a preserved one that is not open, and for one passed to us by name.
std::uint32_t guard_descriptors(const ListenFds& claimed, std::uint32_t preserved);

/// Those of our caller's open descriptors that the command line names as files: /dev/fd/63, as a
/// shell writes <(command), or /proc/self/fd/63. To be asked before the first descriptor of ours is
/// opened.
std::vector<int> descriptors_named_in(std::span<const std::string_view> words);

/// Points the log to where the options want it. Throws when the file cannot be opened; the format
/// is set even then.
void configure_log(const Arguments& arguments);

}  // namespace asylum::cli
