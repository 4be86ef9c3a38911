// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/fd.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

namespace asylum::sys {
namespace {

void change_flag(int fd, int get, int set, int flag, bool on, const char* what) {
  const int flags = ::fcntl(fd, get);
  const int wanted = on ? flags | flag : flags & ~flag;
  if (flags < 0 || (wanted != flags && ::fcntl(fd, set, wanted) != 0)) {
    throw_os("fcntl", errno, cat("set ", what, " of descriptor ", fd));
  }
}

}  // namespace

void Fd::reset(int fd) {
  const int old = std::exchange(fd_, fd);
  // EINTR and EIO included: on Linux the descriptor is gone whatever close(2) answers.
  if (old >= 0 && old != fd) ::close(old);
}

Fd Fd::dup() const {
  return duplicate(fd_);
}

Fd duplicate(int fd, int lowest) {
  const int copy = ::fcntl(fd, F_DUPFD_CLOEXEC, lowest);
  if (copy < 0) throw_os("fcntl", errno, cat("duplicate descriptor ", fd));
  return Fd(copy);
}

void duplicate_to(int fd, int target) {
  if (fd == target) return set_close_on_exec(fd, false);  // dup2 would leave close-on-exec as it is
  if (::dup2(fd, target) < 0) {
    throw_os("dup2", errno, cat("make descriptor ", fd, " descriptor ", target));
  }
}

void set_close_on_exec(int fd, bool on) {
  change_flag(fd, F_GETFD, F_SETFD, FD_CLOEXEC, on, "close-on-exec");
}

void set_nonblocking(int fd, bool on) {
  change_flag(fd, F_GETFL, F_SETFL, O_NONBLOCK, on, "blocking mode");
}

}  // namespace asylum::sys
