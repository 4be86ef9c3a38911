// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/verbs/notify.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"

namespace asylum::container {

std::string service_manager() {
  const char* const socket = ::getenv("NOTIFY_SOCKET");
  return socket == nullptr ? "" : socket;
}

void make_notify_directory(int state_directory) {
  // Whatever our umask: the container's user, who may be anybody, looks the socket up in it.
  constexpr mode_t kMode = 0755;
  sys::make_directory_at(state_directory, kNotifyDirectory, kMode);
  if (::fchmodat(state_directory, kNotifyDirectory, kMode, 0) != 0) {
    throw_os("fchmodat", errno, "open the notification directory to the container");
  }
}

std::optional<process::NotifySocket> open_notify_socket(int state_directory) {
  const std::string manager = service_manager();
  if (manager.empty()) return std::nullopt;
  const auto directory =
      sys::try_open_at(state_directory, kNotifyDirectory, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  if (!directory) {
    log::warning("NOTIFY_SOCKET has no effect: the container was created without it");
    return std::nullopt;
  }
  return process::NotifySocket(directory->get(), manager);
}

}  // namespace asylum::container
