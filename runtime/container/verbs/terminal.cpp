// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/verbs/terminal.h"

#include <sys/ioctl.h>
#include <termios.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/process/attach/console_socket.h"

namespace asylum::container {

void check_terminal(const std::string& console_socket, bool terminal, bool detached) {
  const bool socket = !console_socket.empty();
  if (detached && terminal && !socket) {
    throw Error(ErrorKind::invalid_usage,
                "cannot allocate tty if asylum-runc will detach without setting console socket")
        .at("/process/terminal")
        .with_hint("give --console-socket, or set /process/terminal to false");
  }
  if (socket && (!detached || !terminal)) {
    throw Error(ErrorKind::invalid_usage,
                "cannot use console socket if asylum-runc will not detach or allocate tty")
        .with_hint("leave --console-socket out");
  }
}

void send_terminal(const std::string& console_socket, sys::Fd master) {
  unsigned number = 0;
  const bool named = ::ioctl(master.get(), TIOCGPTN, &number) == 0;
  process::send_console(console_socket, master,
                        named ? cat("/dev/pts/", number) : std::string("/dev/ptmx"));
}

}  // namespace asylum::container
