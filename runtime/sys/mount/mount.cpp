// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/mount/mount.h"

#include <fcntl.h>
#include <linux/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/procfs.h"

namespace asylum::sys {
namespace {

#ifndef AT_RECURSIVE
constexpr unsigned AT_RECURSIVE = 0x8000;
#endif

// struct statx of <linux/stat.h> would collide with <sys/stat.h>'s on some libcs; glibc has the
// call.
struct ::statx mount_status(int fd) {
  struct ::statx status {};
  if (::statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &status) != 0) {
    throw_os("statx", errno, cat("look at descriptor ", fd));
  }
  return status;
}

std::string hint_for_attributes(int error_number, std::uint64_t set, std::uint64_t clear) {
  const bool idmap = (set & MOUNT_ATTR_IDMAP) != 0;
  if (idmap && error_number == EINVAL) {
    return "the source's file system does not support id-mapped mounts on this kernel";
  }
  if (idmap && error_number == EPERM) {
    return "an id-mapped mount needs CAP_SYS_ADMIN where its file system was mounted, and a source "
           "that is not "
           "id-mapped already";
  }
  if (!idmap && error_number == EPERM && clear != 0) {
    return "in a user namespace the flags of a host mount (ro, nosuid, nodev, noexec, atime) are "
           "locked: ask for the "
           "same ones";
  }
  return {};
}

std::string hint_for_attaching(int error_number) {
  if (error_number != EINVAL) return hint_for_mount_error(error_number);
  return "the target lies in another mount namespace or on a detached mount, or the source is "
         "unbindable";
}

bool is_directory(int fd) {
  return S_ISDIR(status_of(fd).st_mode);
}

}  // namespace

std::string hint_for_mount_error(int error_number) {
  if (error_number == ENOSPC) return "the mount namespace is full: raise the sysctl fs.mount-max";
  return {};
}

Fd open_tree(int dir, const std::string& path, unsigned flags) {
  Fd fd(::open_tree(dir, path.c_str(), flags | OPEN_TREE_CLOEXEC));
  if (fd) return fd;
  const int error_number = errno;
  if (error_number == EINVAL && (flags & OPEN_TREE_CLONE) != 0) {
    throw_os("open_tree", EINVAL, cat("clone the mount at ", quote(path)),
             "it is unbindable, or detached or in another mount namespace, or has locked mounts "
             "below it that only a "
             "recursive bind may take along");
  }
  throw_os("open_tree", error_number, cat("open ", quote(path)));
}

Fd clone_tree(int fd, bool recursive) {
  const unsigned flags = OPEN_TREE_CLONE | AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0U);
  return open_tree(fd, "", flags);
}

void move_mount(int mount_fd, int target_fd) {
  constexpr unsigned kFlags = MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH;
  if (::move_mount(mount_fd, "", target_fd, "", kFlags) == 0) return;
  const int error_number = errno;
  // EINVAL is what the kernel says of a file on a directory, too.
  if ((error_number == EINVAL || error_number == ENOTDIR) &&
      is_directory(mount_fd) != is_directory(target_fd)) {
    const bool from_directory = is_directory(mount_fd);
    // dockerd looks for the words of ENOTDIR, whichever of the two is the file.
    throw_os("move_mount", ENOTDIR,
             from_directory ? "a directory cannot be mounted on a file"
                            : "a file cannot be mounted on a directory");
  }
  throw_os("move_mount", error_number, "attach the mount", hint_for_attaching(error_number));
}

int try_set_attributes(int fd, std::uint64_t set, std::uint64_t clear, std::uint64_t propagation,
                       bool recursive, int userns_fd) {
  struct ::mount_attr attributes {};
  attributes.attr_set = set;
  attributes.attr_clr = clear;
  attributes.propagation = propagation;
  if (userns_fd >= 0) attributes.userns_fd = static_cast<std::uint64_t>(userns_fd);
  const unsigned flags = AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0U);
  return ::mount_setattr(fd, "", flags, &attributes, sizeof attributes) == 0 ? 0 : errno;
}

std::uint64_t propagation_flag(Propagation propagation) {
  switch (propagation) {
    case Propagation::private_:
      return MS_PRIVATE;
    case Propagation::slave:
      return MS_SLAVE;
    case Propagation::shared:
      return MS_SHARED;
    case Propagation::unbindable:
      return MS_UNBINDABLE;
  }
  return 0;
}

void set_attributes(int fd, std::uint64_t set, std::uint64_t clear, std::uint64_t propagation,
                    bool recursive, int userns_fd) {
  const int failed = try_set_attributes(fd, set, clear, propagation, recursive, userns_fd);
  if (failed == 0) return;
  const char* doing = "set the attributes of the mount";
  if ((set & MOUNT_ATTR_IDMAP) != 0) doing = "map the ids of the mount";
  if (propagation != 0 && (set | clear) == 0) doing = "set the propagation of the mount";
  throw_os("mount_setattr", failed, doing, hint_for_attributes(failed, set, clear));
}

int within(const Procfs& procfs, const std::function<int()>& act) {
  const Fd here = open_at(AT_FDCWD, ".", O_PATH | O_DIRECTORY);
  if (::fchdir(procfs.root()) != 0) throw_os("fchdir", errno, "enter the proc file system");
  const int error_number = act() == 0 ? 0 : errno;
  if (::fchdir(here.get()) != 0) throw_os("fchdir", errno, "return to the working directory");
  return error_number;
}

void unmount(int mount_fd, const Procfs& procfs) {
  const std::string link = cat("thread-self/fd/", mount_fd);
  const int error_number = within(procfs, [&] { return ::umount2(link.c_str(), MNT_DETACH); });
  if (error_number != 0) {
    throw_os("umount2", error_number, "take the mount away",
             error_number == EINVAL ? "it came from another mount namespace, which holds it" : "");
  }
}

void pivot_root_here(int root_fd, bool old_root_may_propagate) {
  Fd old_root;
  if (old_root_may_propagate) old_root = open_at(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
  if (::fchdir(root_fd) != 0) throw_os("fchdir", errno, "enter the new root");
  if (::syscall(SYS_pivot_root, ".", ".") != 0) {
    const int error_number = errno;
    throw_os("pivot_root", error_number, "change the root",
             error_number == EINVAL
                 ? "the present root is an initramfs, or shared with other namespaces: see "
                   "--no-pivot"
                 : "");
  }
  if (old_root) set_attributes(old_root.get(), 0, 0, MS_SLAVE, true);
  // The old root lies on top of the new one; "." is the new one, and the umount follows down to
  // what covers it.
  if (::umount2(".", MNT_DETACH) != 0) throw_os("umount2", errno, "drop the old root");
  if (::chdir("/") != 0) throw_os("chdir", errno, "enter the new root");
}

std::uint64_t mount_id_of(int fd) {
  return mount_status(fd).stx_mnt_id;
}

bool is_mount_root(int fd) {
  return (mount_status(fd).stx_attributes & STATX_ATTR_MOUNT_ROOT) != 0;
}

}  // namespace asylum::sys
