// SPDX-License-Identifier: Apache-2.0
// Who gets the master of a container's terminal: the rules and the handing over, for create, run
// and exec.
#pragma once

#include <string>

#include "runtime/sys/fd.h"

namespace asylum::container {

/// Throws invalid_usage in runc's words where terminal, --console-socket and detaching do not fit
/// together.
void check_terminal(const std::string& console_socket, bool terminal, bool detached);

/// One message to the listening socket: the descriptor, and the terminal's name as payload.
void send_terminal(const std::string& console_socket, sys::Fd master);

}  // namespace asylum::container
