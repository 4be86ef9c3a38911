// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/terminal.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"

namespace asylum::sys {
namespace {

void prove_ptmx(int fd) {
  const struct ::stat status = status_of(fd);
  const bool right = S_ISCHR(status.st_mode) && status.st_rdev == makedev(5, 2) &&
                     filesystem_magic(fd) == DEVPTS_SUPER_MAGIC;
  if (!right) throw Error(ErrorKind::denied, "ptmx is not the device 5:2 of a devpts");
}

void clear_output_modes(int terminal, tcflag_t clear) {
  termios modes{};
  if (::tcgetattr(terminal, &modes) != 0) throw_os("tcgetattr", errno, "read the terminal's mode");
  modes.c_oflag &= ~clear;
  if (::tcsetattr(terminal, TCSANOW, &modes) != 0)
    throw_os("tcsetattr", errno, "set the terminal's mode");
}

}  // namespace

Pseudoterminal open_pseudoterminal(int devpts_dir) {
  Fd master = open_beneath(devpts_dir, "ptmx", O_RDWR | O_NOCTTY);
  prove_ptmx(master.get());
  int unlock = 0;
  if (::ioctl(master.get(), TIOCSPTLCK, &unlock) != 0)
    throw_os("ioctl", errno, "unlock the pseudoterminal");
  Fd peer = open_peer(master.get());
  // A new one makes CR LF of every LF. That is for the terminal at the other end to do, and logs of
  // engines must not get it.
  clear_output_modes(peer.get(), ONLCR);
  return {std::move(master), std::move(peer)};
}

Fd open_peer(int master) {
  Fd peer(::ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
  if (!peer) throw_os("ioctl", errno, "open the pseudoterminal's peer");
  return peer;
}

std::optional<WindowSize> try_get_window_size(int terminal) {
  winsize size{};
  if (::ioctl(terminal, TIOCGWINSZ, &size) != 0) return std::nullopt;
  return WindowSize{size.ws_row, size.ws_col};
}

void set_window_size(int terminal, WindowSize size) {
  winsize wanted{};
  wanted.ws_row = size.rows;
  wanted.ws_col = size.columns;
  if (::ioctl(terminal, TIOCSWINSZ, &wanted) != 0) throw_os("ioctl", errno, "set the window size");
}

bool is_terminal(int fd) {
  return ::isatty(fd) == 1;
}

termios make_raw(int terminal) {
  termios saved{};
  if (::tcgetattr(terminal, &saved) != 0) throw_os("tcgetattr", errno, "read the terminal's mode");
  termios raw = saved;
  ::cfmakeraw(&raw);
  // The container's pseudoterminal leaves LF alone: this one translates it, once.
  raw.c_oflag |= OPOST;
  if (::tcsetattr(terminal, TCSANOW, &raw) != 0)
    throw_os("tcsetattr", errno, "make the terminal raw");
  return saved;
}

void restore_terminal(int terminal, const termios& saved) noexcept {
  (void)::tcsetattr(terminal, TCSADRAIN, &saved);
}

void become_session_leader() {
  if (::setsid() < 0) throw_os("setsid", errno, "begin a session");
}

void set_controlling_terminal(int terminal) {
  if (::ioctl(terminal, TIOCSCTTY, 0) != 0)
    throw_os("ioctl", errno, "make it the controlling terminal");
}

}  // namespace asylum::sys
