// SPDX-License-Identifier: Apache-2.0
// Whether a container's filter stands in the way of how a process is born into the container.
// Runs in: the bridge of exec.
#pragma once

#include <string_view>

namespace asylum::plan {
struct Plan;
}

namespace asylum::process {

/// Whether the compiled filter lets through, as they are made, the system calls between the moment
/// at which the bridge loads it and the gate: clone, setsid, TIOCSCTTY with a terminal, prlimit64
/// with limits that count processes or descriptors, read and close with a listener (of which no
/// agent knows yet). If not (refused, or
/// notified of, killed, traced), the process must load the filter itself, after them. Pure.
bool lets_be_born(const plan::Plan& plan, std::string_view program);

}  // namespace asylum::process
