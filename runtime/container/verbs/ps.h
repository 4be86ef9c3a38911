// SPDX-License-Identifier: Apache-2.0
// The verb ps: the processes of a container as the host sees them.
#pragma once

#include <sys/types.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/container/state/settings.h"

namespace asylum::container {

/// Process ids of the container's cgroup and of all below it, sorted; none of a stopped one.
std::vector<pid_t> processes(const Settings& settings, const std::string& id);

/// The host's ps with `options` (none: "-ef"), the heading and the lines of the container's
/// processes. Throws.
std::string process_table(const Settings& settings, const std::string& id,
                          std::vector<std::string> options);

/// The heading of ps's output and those lines whose PID column has one of `pids` (sorted). Throws:
/// "couldn't find PID field in ps output". Pure.
std::string lines_of(std::span<const pid_t> pids, std::string_view output);

}  // namespace asylum::container
