// SPDX-License-Identifier: Apache-2.0
// Hands the master of the container's terminal to whoever listens on --console-socket (conmon,
// containerd's shim). Runs in: main.
#pragma once

#include <string>
#include <string_view>

#include "runtime/sys/fd.h"

namespace asylum::process {

/// Connects to the SOCK_STREAM socket `path` (any length) and sends one message: the descriptor,
/// and `name` as payload because a message without bytes carries none. Source: runc's contract,
/// there is no specification. Throws.
void send_console(const std::string& path, const sys::Fd& master,
                  std::string_view name = "/dev/ptmx");

}  // namespace asylum::process
