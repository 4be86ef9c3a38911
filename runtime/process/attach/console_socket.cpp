// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/attach/console_socket.h"

#include <sys/socket.h>

#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/socket.h"

namespace asylum::process {

void send_console(const std::string& path, const sys::Fd& master, std::string_view name) {
  Step step{cat("send the terminal to the console socket ", quote(path)), "/process/terminal"};
  const sys::Fd socket = sys::connect_unix_path(path, SOCK_STREAM);
  const int fd = master.get();
  sys::send_message(socket.get(), name, std::span<const int>(&fd, 1));
}

}  // namespace asylum::process
