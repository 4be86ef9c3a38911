// SPDX-License-Identifier: Apache-2.0
// Hands the listener of a filter with SCMP_ACT_NOTIFY to the agent that decides.
// Runs in: main.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "runtime/sys/fd.h"

namespace asylum::plan {
struct Plan;
}

namespace asylum::process {

/// Whose filter it is: init's own at create, or that of a process that enters a running container.
struct FilteredProcess {
  pid_t pid = -1;
  std::optional<pid_t> container_init = std::nullopt;  // nothing = it is init itself
};

/// The document that goes with the descriptor. Source: runtime-spec
/// config-linux.md#containerprocessstate. Pure.
std::string container_process_state(const plan::Plan& plan, const FilteredProcess& process);

/// Connects to /linux/seccomp/listenerPath (SOCK_STREAM, any length) and sends both in one message.
/// Throws.
void send_listener(const plan::Plan& plan, const FilteredProcess& process, const sys::Fd& listener);

}  // namespace asylum::process
