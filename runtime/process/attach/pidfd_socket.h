// SPDX-License-Identifier: Apache-2.0
// --pidfd-socket: a pidfd of the new process for a caller that is not its parent. Runs in: main.
#pragma once

#include <string>
#include <string_view>

namespace asylum::process {

/// Connects to the listening AF_UNIX stream socket `path` and sends one message: the descriptor by
/// SCM_RIGHTS, with `stage` as its text, "standard" for a container's init and "setns" for a
/// process of exec (runc's words). An empty `path` is nothing to do. Throws.
void send_pidfd(const std::string& path, int pidfd, std::string_view stage);

}  // namespace asylum::process
