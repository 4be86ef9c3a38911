// SPDX-License-Identifier: Apache-2.0
// tmpcopyup: what the image has at the mount point, copied into the new tmpfs while that is still
// detached. By descriptors, one component at a time; links are copied, never followed.
// Runs in: init, after clone, before pivot_root.
#include "runtime/process/rootfs/mount_copy_up.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"

namespace asylum::process {
namespace {

/// File systems whose files are the kernel's words and not an image's. An image can lead here by a
/// link at the mount point, and root would read what the container's user may not.
constexpr std::uint64_t kKernelViews[] = {
    PROC_SUPER_MAGIC, SYSFS_MAGIC,   CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
    DEBUGFS_MAGIC,    TRACEFS_MAGIC, SECURITYFS_MAGIC,   BPF_FS_MAGIC,
    EFIVARFS_MAGIC,   SELINUX_MAGIC, PSTOREFS_MAGIC,
};

bool is_kernel_view(int fd) {
  const std::uint64_t magic = sys::filesystem_magic(fd);
  return std::find(std::begin(kKernelViews), std::end(kKernelViews), magic) !=
         std::end(kKernelViews);
}

[[noreturn]] void fail(const char* system_call, const std::string& name) {
  throw_os(system_call, errno, cat("copy ", quote(name), " up"));
}

void copy_bytes(int from, int to, const std::string& name) {
  constexpr std::size_t kChunk = 1U << 24;
  for (;;) {
    const ssize_t count = ::sendfile(to, from, nullptr, kChunk);
    if (count < 0) fail("sendfile", name);
    if (count == 0) return;
  }
}

void copy_status(int to, const std::string& name, const struct ::stat& status) {
  const bool is_link = S_ISLNK(status.st_mode);
  if (::fchownat(to, name.c_str(), status.st_uid, status.st_gid, AT_SYMLINK_NOFOLLOW) != 0) {
    fail("fchownat", name);
  }
  // After the owner: chown clears set-id bits. Nobody else can reach this detached tree, so the
  // name still is what we made.
  if (!is_link && ::fchmodat(to, name.c_str(), status.st_mode & 07777, 0) != 0) {
    fail("fchmodat", name);
  }
  const timespec times[2] = {status.st_atim, status.st_mtim};
  if (::utimensat(to, name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) fail("utimensat", name);
}

struct ::stat status_at(int directory, const std::string& name) {
  struct ::stat status {};
  if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) fail("fstatat", name);
  return status;
}

/// Everything but directories.
void copy_leaf(int from, int to, const std::string& name, const struct ::stat& status) {
  switch (status.st_mode & S_IFMT) {
    case S_IFREG: {
      const sys::Fd source = sys::open_at(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      const sys::Fd target = sys::open_at(to, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
      copy_bytes(source.get(), target.get(), name);
      break;
    }
    case S_IFLNK: {
      const std::string link = sys::read_link_at(from, name);
      if (::symlinkat(link.c_str(), to, name.c_str()) != 0) fail("symlinkat", name);
      break;
    }
    case S_IFSOCK:
      return;  // a socket is its server's, a copy would be none
    default:
      if (::mknodat(to, name.c_str(), status.st_mode, status.st_rdev) != 0) fail("mknodat", name);
  }
  copy_status(to, name, status);
}

/// A walk with two descriptors, however deep the tree: on the way down a directory's descriptors
/// take the place of its parent's, on the way up they are opened again by "..".
class TreeCopy {
 public:
  TreeCopy(int from, int to)
      : from_(sys::open_at(from, ".", O_RDONLY | O_DIRECTORY)),
        to_(sys::open_at(to, ".", O_RDONLY | O_DIRECTORY)) {}

  void run() {
    list();
    while (!levels_.empty()) {
      Level& level = levels_.back();
      if (level.names.empty()) {
        leave();
        continue;
      }
      const std::string name = std::move(level.names.back());
      level.names.pop_back();
      const struct ::stat status = status_at(from_.get(), name);
      if (S_ISDIR(status.st_mode)) {
        enter(name, status);
      } else {
        copy_leaf(from_.get(), to_.get(), name, status);
      }
    }
  }

 private:
  struct Level {
    sys::FileIdentity identity;      // of the source
    std::vector<std::string> names;  // still to be copied
    std::string name;                // in its parent
    struct ::stat status {};         // to be given when all is in it: that would change its times
  };

  void list() {
    levels_.push_back({sys::identity_of(from_.get()), {}, {}, {}});
    if (!is_kernel_view(from_.get())) levels_.back().names = sys::list_directory(from_.get());
  }

  void enter(const std::string& name, const struct ::stat& status) {
    if (::mkdirat(to_.get(), name.c_str(), 0700) != 0) fail("mkdirat", name);
    from_ = sys::open_at(from_.get(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    to_ = sys::open_at(to_.get(), name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    list();
    levels_.back().name = name;
    levels_.back().status = status;
  }

  void leave() {
    const Level done = std::move(levels_.back());
    levels_.pop_back();
    if (levels_.empty()) return;
    from_ = sys::open_at(from_.get(), "..", O_RDONLY | O_DIRECTORY);
    to_ = sys::open_at(to_.get(), "..", O_RDONLY | O_DIRECTORY);
    // Whoever shares the volume may have moved the directory while we were in it.
    if (sys::identity_of(from_.get()) != levels_.back().identity) {
      throw Error(ErrorKind::denied, cat(quote(done.name), " was moved while it was copied up"));
    }
    copy_status(to_.get(), done.name, done.status);
  }

  sys::Fd from_;
  sys::Fd to_;
  std::vector<Level> levels_;
};

}  // namespace

void copy_up(int from, int to) {
  TreeCopy(from, to).run();
}

}  // namespace asylum::process
