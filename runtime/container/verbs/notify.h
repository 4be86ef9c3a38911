// SPDX-License-Identifier: Apache-2.0
// NOTIFY_SOCKET: a service manager waits for the container to say that it is ready, sd_notify(3).
#pragma once

#include <optional>
#include <string>

#include "runtime/process/attach/notify_socket.h"

namespace asylum::container {

/// The service manager's socket as our environment has it; "" = nobody waits.
std::string service_manager();

/// The directory in the state directory that becomes /run/notify. Made at create, whoever starts
/// the container later.
inline constexpr char kNotifyDirectory[] = "notify";
void make_notify_directory(int state_directory);

/// The container's socket, before its program executes. Nothing without a service manager; a
/// container that was created without one has no such place, which is warned of.
std::optional<process::NotifySocket> open_notify_socket(int state_directory);

}  // namespace asylum::container
