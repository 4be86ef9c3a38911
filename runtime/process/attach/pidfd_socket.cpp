// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/attach/pidfd_socket.h"

#include <sys/socket.h>

#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/socket.h"

namespace asylum::process {

void send_pidfd(const std::string& path, int pidfd, std::string_view stage) {
  if (path.empty()) return;
  Step step{cat("send a pidfd to the socket ", quote(path))};
  const sys::Fd socket = sys::connect_unix_path(path, SOCK_STREAM);
  sys::send_message(socket.get(), stage, std::span<const int>(&pidfd, 1));
}

}  // namespace asylum::process
