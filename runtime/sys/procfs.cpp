// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/procfs.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"

namespace asylum::sys {
namespace {

// "self" and "thread-self" are ordinary links that proc makes itself; magic links (fd, ns, exe,
// root) are not.
constexpr std::uint64_t kWithinProc = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV;
constexpr ino_t kRootInode = 1;  // PROC_ROOT_INO, include/linux/proc_fs.h

bool means_gone(int error_number) {
  return error_number == ENOENT || error_number == ENOTDIR || error_number == ESRCH;
}

// A detached instance of our own pid namespace, or none with the errno that refused it.
Fd make_private(Procfs::Scope scope, int& error_number) {
  const Fd context(::fsopen("proc", FSOPEN_CLOEXEC));
  const bool only_processes = scope == Procfs::Scope::processes;
  Fd root;
  if (context &&
      (!only_processes ||
       ::fsconfig(context.get(), FSCONFIG_SET_STRING, "subset", "pid", 0) == 0) &&
      ::fsconfig(context.get(), FSCONFIG_CMD_CREATE, nullptr, nullptr, 0) == 0) {
    constexpr unsigned kAttributes = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;
    root.reset(::fsmount(context.get(), FSMOUNT_CLOEXEC, kAttributes));
  }
  error_number = root ? 0 : errno;
  return root;
}

}  // namespace

Procfs Procfs::open(Scope scope) {
  int refused = 0;
  Fd root = make_private(scope, refused);
  if (root) return Procfs(std::move(root));
  if (refused != EPERM && refused != EACCES)
    throw_os("fsmount", refused, "make a private proc file system");
  return open_host();
}

Procfs Procfs::adopt(Fd root) {
  if (filesystem_magic(root.get()) != PROC_SUPER_MAGIC ||
      status_of(root.get()).st_ino != kRootInode) {
    throw Error(ErrorKind::denied, "what should be the root of a proc file system is not")
        .with_hint("something is mounted over /proc");
  }
  return Procfs(std::move(root));
}

Procfs Procfs::open_host() {
  return adopt(open_at(AT_FDCWD, "/proc", O_PATH | O_DIRECTORY | O_NOFOLLOW));
}

Fd Procfs::open(const std::string& path, int flags) const {
  const int fd = openat2_or_errno(root(), path, flags, 0, kWithinProc);
  if (fd < 0) {
    throw_os("openat2", -fd, cat("open ", quote(cat("/proc/", path))),
             fd == -EXDEV ? "something is mounted over it" : "");
  }
  return Fd(fd);
}

std::optional<Fd> Procfs::try_open(const std::string& path, int flags) const {
  const int fd = openat2_or_errno(root(), path, flags, 0, kWithinProc);
  if (fd >= 0) return Fd(fd);
  if (means_gone(-fd)) return std::nullopt;
  throw_os("openat2", -fd, cat("open ", quote(cat("/proc/", path))));
}

std::string Procfs::read(const std::string& path) const {
  return read_all(open(path, O_RDONLY).get());
}

std::optional<std::string> Procfs::try_read(const std::string& path) const {
  const std::optional<Fd> fd = try_open(path, O_RDONLY);
  if (!fd) return std::nullopt;
  try {
    return read_all(fd->get());
  } catch (const Error& error) {
    if (means_gone(error.err)) return std::nullopt;
    throw;
  }
}

std::optional<int> Procfs::try_write(const std::string& path, std::string_view value) const {
  const int fd = openat2_or_errno(root(), path, O_WRONLY, 0, kWithinProc);
  if (fd < 0) return -fd;
  const Fd owned(fd);
  const ssize_t n = ::write(fd, value.data(), value.size());
  if (n < 0) return errno;
  return static_cast<std::size_t>(n) == value.size() ? std::nullopt : std::optional<int>(EIO);
}

void Procfs::write(const std::string& path, std::string_view value) const {
  const std::optional<int> failed = try_write(path, value);
  if (failed)
    throw_os("write", *failed, cat("write ", quote(value), " to ", quote(cat("/proc/", path))));
}

Fd Procfs::open_link(const std::string& directory, const std::string& name, int flags) const {
  const Fd dir = open(directory, O_PATH | O_DIRECTORY);
  return open_at(dir.get(), name, flags);
}

std::optional<Fd> Procfs::try_open_link(const std::string& directory, const std::string& name,
                                        int flags) const {
  const std::optional<Fd> dir = try_open(directory, O_PATH | O_DIRECTORY);
  if (!dir) return std::nullopt;
  return try_open_at(dir->get(), name, flags);
}

}  // namespace asylum::sys
