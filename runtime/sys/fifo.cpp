// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/fifo.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"

namespace asylum::sys {
namespace {

void prove_fifo(int fd, const std::string& name) {
  if (!S_ISFIFO(status_of(fd).st_mode))
    throw Error(ErrorKind::denied, cat(quote(name), " is not a FIFO"));
}

}  // namespace

void make_fifo_at(int dir, const std::string& name, mode_t mode) {
  if (::mkfifoat(dir, name.c_str(), mode) != 0)
    throw_os("mkfifoat", errno, cat("make FIFO ", quote(name)));
}

Fd open_fifo_reader(int dir, const std::string& name, bool blocking_reads) {
  Fd fd = open_at(dir, name, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
  prove_fifo(fd.get(), name);
  if (blocking_reads) set_nonblocking(fd.get(), false);
  return fd;
}

std::optional<Fd> try_open_fifo_writer(int dir, const std::string& name) {
  std::optional<Fd> fd = try_open_at(dir, name, O_WRONLY | O_NONBLOCK | O_NOFOLLOW);
  if (!fd) return std::nullopt;
  prove_fifo(fd->get(), name);
  set_nonblocking(fd->get(), false);
  return fd;
}

Fd open_fifo_both(int dir, const std::string& name) {
  Fd fd = open_at(dir, name, O_RDWR | O_NOFOLLOW);
  prove_fifo(fd.get(), name);
  return fd;
}

}  // namespace asylum::sys
