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
#include "runtime/process/init_steps.h"
#include "runtime/sys/file.h"
#include "runtime/sys/mount.h"
#include "runtime/sys/proc_text.h"

namespace asylum::process {
namespace {

/// Where the container's root is mounted, links resolved: as the mount table has it.
std::string root_mount_point(const std::vector<sys::MountEntry>& mounts, int root) {
  const std::uint64_t id = sys::mount_id_of(root);
  const auto found = std::find_if(mounts.begin(), mounts.end(),
                                  [id](const sys::MountEntry& m) { return m.id == id; });
  if (found == mounts.end()) throw Error(ErrorKind::internal, "the root is in no mount table");
  return found->mount_point;
}

bool is_full_kernel_view(const sys::MountEntry& mount) {
  return mount.root == "/" && (mount.fs_type == "proc" || mount.fs_type == "sysfs");
}

bool is_below(std::string_view path, std::string_view directory) {
  return path.starts_with(directory) &&
         (directory == "/" || path.size() == directory.size() || path[directory.size()] == '/');
}

/// A locked mount of a user namespace cannot be unmounted, but it can be covered.
void cover(const std::string& path) {
  const sys::Fd target = sys::open_at(AT_FDCWD, path, O_PATH | O_DIRECTORY);
  sys::FsContext fs("tmpfs");
  fs.set_flag("ro");
  fs.create();
  const sys::Fd empty =
      fs.mount(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
  sys::move_mount(empty.get(), target.get());
}

void take_away(const std::string& path) {
  try {
    sys::umount_detach(path);
  } catch (const Error& error) {
    if (error.err == ENOENT) return;  // covered by another mount: nothing leads there
    if (error.err != EINVAL && error.err != EPERM) throw;
    cover(path);
  }
}

}  // namespace

void move_root(InitContext& context) {
  const int root = context.rootfs.root();
  const std::vector<sys::MountEntry> mounts =
      sys::parse_mount_info(sys::Procfs::open_host().read("self/mountinfo"));
  const std::string own = root_mount_point(mounts, root);
  // From the last to the first: children before their parents.
  for (auto mount = mounts.rbegin(); mount != mounts.rend(); ++mount) {
    if (is_full_kernel_view(*mount) && !is_below(mount->mount_point, own)) {
      take_away(mount->mount_point);
    }
  }
  const sys::Fd top = sys::open_at(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
  sys::move_mount(root, top.get());
  chroot_to(root);
}

}  // namespace asylum::process
