// SPDX-License-Identifier: Apache-2.0
// --no-pivot: for a root that is the initial ramdisk, which pivot_root(2) refuses. The container's
// root is moved over "/" and entered by chroot; the old mounts stay in the namespace below it, so
// every full procfs and sysfs among them is taken away first: masked paths could be read there.
// Runs in: init, before the change of root.
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mount.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/late/both/mount_table.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/mount/fs_context.h"
#include "runtime/sys/mount/mount.h"

namespace asylum::process {
namespace {

/// Whether `found` is in the tree of that mount: upwards by descriptors, so that no path has a say.
bool is_inside(const sys::Fd& found, std::uint64_t mount) {
  sys::Fd at = found.dup();
  for (;;) {
    const std::uint64_t own = sys::mount_id_of(at.get());
    if (own == mount) return true;
    sys::Fd parent = sys::open_at(at.get(), "..", O_PATH | O_DIRECTORY);
    const bool is_top = sys::mount_id_of(parent.get()) == own &&
                        sys::identity_of(parent.get()) == sys::identity_of(at.get());
    if (is_top) return false;
    at = std::move(parent);
  }
}

/// The root of a file system of that type.
bool is_whole(const sys::Fd& found, std::string_view fs_type) {
  constexpr std::uint64_t kRootInode = 1;  // of both
  const std::uint64_t magic = fs_type == "proc" ? PROC_SUPER_MAGIC : SYSFS_MAGIC;
  return sys::filesystem_magic(found.get()) == magic &&
         sys::identity_of(found.get()).ino == kRootInode;
}

/// Takes the host's views of the kernel away. Main's table has only paths, and directories on the
/// way may belong to others, who exchange them: what a path leads to is taken away only if it is
/// such a mount and none of the container's. Each row is one mount, and so is whatever is taken
/// away for it: when all rows have found one, none is left.
class Views {
 public:
  Views(const sys::Procfs& procfs, int root) : procfs_(procfs), root_(sys::mount_id_of(root)) {}

  void take_away(const late::KernelView& view) {
    const auto found = sys::try_open_at(AT_FDCWD, view.mount_point, O_PATH | O_NOFOLLOW);
    if (found && is_covered_by_us(*found, view)) return;
    if (!found || !is_whole(*found, view.fs_type) || is_inside(*found, root_)) {
      if (view.covered) return;
      throw Error(ErrorKind::denied, cat("the ", view.fs_type, " on ", quote(view.mount_point),
                                         " cannot be taken away: another mount or directory was "
                                         "put in its place meanwhile"));
    }
    try {
      sys::unmount(found->get(), procfs_);
    } catch (const Error& error) {
      if (error.err != EINVAL && error.err != EPERM) throw;
      cover(found->get(), view);
    }
  }

 private:
  struct Cover {
    std::uint64_t mount = 0;
    std::string mount_point;
  };

  /// The row of another mount on the same directory: it is below the cover too.
  bool is_covered_by_us(const sys::Fd& found, const late::KernelView& view) const {
    const std::uint64_t mount = sys::mount_id_of(found.get());
    return std::ranges::any_of(covers_, [&](const Cover& cover) {
      return cover.mount == mount && cover.mount_point == view.mount_point;
    });
  }

  /// A locked mount of a user namespace cannot be unmounted, but it can be covered.
  void cover(int target, const late::KernelView& view) {
    sys::FsContext fs("tmpfs");
    fs.set_flag("ro");
    fs.create();
    const sys::Fd empty =
        fs.mount(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
    sys::move_mount(empty.get(), target);
    covers_.push_back({sys::mount_id_of(empty.get()), view.mount_point});
  }

  const sys::Procfs& procfs_;
  std::uint64_t root_;
  std::vector<Cover> covers_;
};

}  // namespace

void move_root(InitContext& context) {
  const int root = context.rootfs.root();
  const auto procfs = sys::Procfs::open_host();
  // Where it is mounted, links resolved, as a mount table has it.
  const std::string own = sys::read_link_at(procfs.root(), cat("self/fd/", root));
  Views views(procfs, root);
  for (const late::KernelView& view : context.host_views) {
    if (!late::is_at_or_below(view.mount_point, own)) views.take_away(view);
  }
  const sys::Fd top = sys::open_at(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
  sys::move_mount(root, top.get());
  chroot_to(root);
}

}  // namespace asylum::process
