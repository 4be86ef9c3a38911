// SPDX-License-Identifier: Apache-2.0
// --no-pivot: for a root that is the initial ramdisk, which pivot_root(2) refuses. The container's
// root is moved over "/" and entered by chroot; the old mounts stay in the namespace below it, so
// every full procfs and sysfs among them is taken away first: masked paths could be read there.
// Runs in: init, before the change of root.
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/file.h"
#include "runtime/sys/mount/fs_context.h"
#include "runtime/sys/mount/mount.h"
#include "runtime/sys/process/proc_text.h"

namespace asylum::process {
namespace {

std::vector<sys::MountEntry> mount_table(const sys::Procfs& procfs) {
  return sys::parse_mount_info(procfs.read("self/mountinfo"));
}

const sys::MountEntry* find_mount(const std::vector<sys::MountEntry>& mounts, std::uint64_t id) {
  const auto found = std::find_if(mounts.begin(), mounts.end(),
                                  [id](const sys::MountEntry& m) { return m.id == id; });
  return found == mounts.end() ? nullptr : &*found;
}

/// Where the container's root is mounted, links resolved: as the mount table has it.
std::string root_mount_point(const std::vector<sys::MountEntry>& mounts, int root) {
  const sys::MountEntry* found = find_mount(mounts, sys::mount_id_of(root));
  if (found == nullptr) throw Error(ErrorKind::internal, "the root is in no mount table");
  return found->mount_point;
}

bool is_full_kernel_view(const sys::MountEntry& mount) {
  return mount.root == "/" && (mount.fs_type == "proc" || mount.fs_type == "sysfs");
}

bool is_below(std::string_view path, std::string_view directory) {
  return path.starts_with(directory) &&
         (directory == "/" || path.size() == directory.size() || path[directory.size()] == '/');
}

/// Whether another mount lies over this one or over a directory on the way to it: then no path
/// leads there.
bool is_covered(const std::vector<sys::MountEntry>& mounts, const sys::MountEntry& mount) {
  const sys::MountEntry* from = nullptr;
  for (const sys::MountEntry* at = &mount; at != nullptr && at != from;) {
    for (const sys::MountEntry& other : mounts) {
      const bool is_on_it = other.parent_id == at->id && other.id != at->id && &other != from;
      if (is_on_it && is_below(mount.mount_point, other.mount_point)) return true;
    }
    from = at;
    at = at->parent_id == at->id ? nullptr : find_mount(mounts, at->parent_id);
  }
  return false;
}

/// A locked mount of a user namespace cannot be unmounted, but it can be covered.
void cover(int target) {
  sys::FsContext fs("tmpfs");
  fs.set_flag("ro");
  fs.create();
  const sys::Fd empty =
      fs.mount(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
  sys::move_mount(empty.get(), target);
}

/// The table has only paths, and directories on the way may belong to others: what a path leads to
/// is taken away only if it is that mount, and if it is not, the mount must be out of reach.
void unmount_host_view(const sys::MountEntry& mount, const sys::Procfs& procfs) {
  const auto found = sys::try_open_at(AT_FDCWD, mount.mount_point, O_PATH | O_NOFOLLOW);
  if (!found || sys::mount_id_of(found->get()) != mount.id) {
    const std::vector<sys::MountEntry> now = mount_table(procfs);
    const sys::MountEntry* still = find_mount(now, mount.id);
    if (still == nullptr || is_covered(now, *still)) return;
    throw Error(ErrorKind::denied, cat("the ", mount.fs_type, " on ", quote(mount.mount_point),
                                       " cannot be taken away: another mount or directory was put "
                                       "in its place meanwhile"));
  }
  try {
    sys::unmount(found->get(), procfs);
  } catch (const Error& error) {
    if (error.err != EINVAL && error.err != EPERM) throw;
    cover(found->get());
  }
}

}  // namespace

void move_root(InitContext& context) {
  const int root = context.rootfs.root();
  const auto procfs = sys::Procfs::open_host();
  const std::vector<sys::MountEntry> mounts = mount_table(procfs);
  const std::string own = root_mount_point(mounts, root);
  // From the last to the first: children before their parents.
  for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
    if (is_full_kernel_view(*mount) && !is_below(mount->mount_point, own)) {
      unmount_host_view(*mount, procfs);
    }
  }
  const sys::Fd top = sys::open_at(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
  sys::move_mount(root, top.get());
  chroot_to(root);
}

}  // namespace asylum::process
