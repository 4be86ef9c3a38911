// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/file.h"

#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file_tree.h"

namespace asylum::sys {
namespace {

bool means_absent(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR;
}

ssize_t read_once(int fd, char* to, std::size_t size) {
  ssize_t n = 0;
  do {
    n = ::read(fd, to, size);
  } while (n < 0 && errno == EINTR);
  return n;
}

}  // namespace

// ---- open -------------------------------------------------------------------------------------

Fd open_at(int dir, const std::string& path, int flags, mode_t mode) {
  Fd fd(::openat(dir, path.c_str(), flags | O_CLOEXEC, mode));
  if (!fd) throw_os("openat", errno, cat("open ", quote(path)));
  return fd;
}

std::optional<Fd> try_open_at(int dir, const std::string& path, int flags, mode_t mode) {
  Fd fd(::openat(dir, path.c_str(), flags | O_CLOEXEC, mode));
  if (fd) return fd;
  if (means_absent(errno) || errno == ENXIO) return std::nullopt;
  throw_os("openat", errno, cat("open ", quote(path)));
}

int openat2_or_errno(int dir, const std::string& path, int flags, mode_t mode,
                     std::uint64_t resolve) {
  // The kernel refuses a ".." that may have been renamed out of the root meanwhile, by any rename
  // on the host: on a busy one a few attempts are ordinary, hundreds are an attack.
  constexpr int kAttempts = 256;
  open_how how{};
  how.flags = static_cast<std::uint64_t>(flags) | O_CLOEXEC;
  how.mode = mode;
  how.resolve = resolve;
  long fd = -1;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    fd = ::syscall(SYS_openat2, dir, path.c_str(), &how, sizeof how);
    if (fd >= 0 || (errno != EAGAIN && errno != EINTR)) break;
  }
  return fd >= 0 ? static_cast<int>(fd) : -errno;
}

Fd open_beneath(int dir, const std::string& path, int flags, mode_t mode, std::uint64_t resolve) {
  const int fd = openat2_or_errno(dir, path, flags, mode, resolve);
  if (fd < 0) throw_os("openat2", -fd, cat("open ", quote(path)));
  return Fd(fd);
}

std::optional<Fd> try_open_beneath(int dir, const std::string& path, int flags, mode_t mode,
                                   std::uint64_t resolve) {
  const int fd = openat2_or_errno(dir, path, flags, mode, resolve);
  if (fd >= 0) return Fd(fd);
  if (means_absent(-fd)) return std::nullopt;
  throw_os("openat2", -fd, cat("open ", quote(path)));
}

Fd reopen(int proc_self_fd, int fd, int flags) {
  return open_at(proc_self_fd, cat(fd), flags);
}

// ---- read -------------------------------------------------------------------------------------

std::string read_all(int fd, std::size_t limit) {
  std::string text;
  std::size_t used = 0;
  while (true) {
    // One byte more than the limit tells a file of exactly that size from a longer one.
    if (used == text.size())
      text.resize(std::min(std::max<std::size_t>(4096, 2 * used), limit + 1));
    const ssize_t n = read_once(fd, text.data() + used, text.size() - used);
    if (n < 0) throw_os("read", errno, "read a file");
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
    if (used > limit) throw_os("read", EFBIG, cat("read more than ", limit, " bytes"));
  }
  text.resize(used);
  return text;
}

std::string read_file_at(int dir, const std::string& path, std::size_t limit) {
  const Fd fd = open_at(dir, path, O_RDONLY);
  try {
    return read_all(fd.get(), limit);
  } catch (Error& error) {
    error.detail = cat("read ", quote(path));
    throw;
  }
}

std::optional<std::string> try_read_file_at(int dir, const std::string& path, std::size_t limit) {
  const std::optional<Fd> fd = try_open_at(dir, path, O_RDONLY);
  if (!fd) return std::nullopt;
  return read_all(fd->get(), limit);
}

// ---- write ------------------------------------------------------------------------------------

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) throw_os("write", errno, "write a file");
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::optional<int> try_write_control_at(int dir, const std::string& name, std::string_view value) {
  const Fd fd(::openat(dir, name.c_str(), O_WRONLY | O_CLOEXEC));
  if (!fd) return errno;
  ssize_t n = 0;
  do {
    n = ::write(fd.get(), value.data(), value.size());
  } while (n < 0 && errno == EINTR);
  if (n < 0) return errno;
  // A control file takes a value whole or not at all.
  return static_cast<std::size_t>(n) == value.size() ? std::nullopt : std::optional<int>(EIO);
}

void write_control_at(int dir, const std::string& name, std::string_view value) {
  const std::optional<int> failed = try_write_control_at(dir, name, value);
  if (failed) throw_os("write", *failed, cat("write ", quote(value), " to ", quote(name)));
}

void replace_file_at(int dir, const std::string& name, std::string_view content, mode_t mode) {
  const std::string temporary = cat('.', name);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Fd fd(::openat(dir, temporary.c_str(), kFlags, mode));
  if (!fd && errno == EEXIST) {
    remove_at(dir, temporary);
    fd.reset(::openat(dir, temporary.c_str(), kFlags, mode));
  }
  if (!fd) throw_os("openat", errno, cat("create ", quote(temporary)));
  write_all(fd.get(), content);
  if (::renameat(dir, temporary.c_str(), dir, name.c_str()) != 0) {
    throw_os("renameat", errno, cat("replace ", quote(name)));
  }
}

// ---- identity -----------------------------------------------------------------------------------

FileIdentity identity_of(int fd) {
  const struct ::stat status = status_of(fd);
  return {status.st_dev, status.st_ino};
}

std::optional<FileIdentity> try_identity_at(int dir, const std::string& path) {
  struct ::stat status {};
  if (::fstatat(dir, path.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
    return FileIdentity{status.st_dev, status.st_ino};
  }
  if (means_absent(errno)) return std::nullopt;
  throw_os("fstatat", errno, cat("look at ", quote(path)));
}

struct ::stat status_of(int fd) {
  struct ::stat status {};
  if (::fstat(fd, &status) != 0) throw_os("fstat", errno, cat("look at descriptor ", fd));
  return status;
}

std::uint64_t filesystem_magic(int fd) {
  struct ::statfs status {};
  if (::fstatfs(fd, &status) != 0) throw_os("fstatfs", errno, cat("look at descriptor ", fd));
  return static_cast<std::uint64_t>(status.f_type);
}

std::uint64_t mount_flags_of(int fd) {
  struct ::statvfs status {};
  if (::fstatvfs(fd, &status) != 0) throw_os("fstatvfs", errno, cat("look at descriptor ", fd));
  return status.f_flag;
}

// ---- pipes --------------------------------------------------------------------------------------

Pipe make_pipe() {
  int ends[2] = {-1, -1};
  if (::pipe2(ends, O_CLOEXEC) != 0) throw_os("pipe2", errno, "make a pipe");
  return {Fd(ends[0]), Fd(ends[1])};
}

}  // namespace asylum::sys
