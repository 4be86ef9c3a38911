// SPDX-License-Identifier: Apache-2.0
// Device nodes, the links of /dev, and the container's verified /dev/null.
// Runs in: init, after the mounts, before pivot_root.
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/root.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/mount/mount.h"

namespace asylum::process {
namespace {

/// The directory of the last path asked for: nodes and links come in runs, most of them in /dev.
class ParentDirectory {
 public:
  explicit ParentDirectory(const sys::Rootfs& rootfs) : rootfs_(rootfs) {}

  /// Its descriptor; `name` becomes the path's last component.
  int of(const std::string& path, std::string& name) {
    const std::size_t slash = path.rfind('/');
    if (!fd_ || path.compare(0, slash, directory_) != 0) {
      fd_ = rootfs_.open_parent(path, name, /*create=*/true);
      directory_ = path.substr(0, slash);
    }
    name = path.substr(slash + 1);
    return fd_.get();
  }

 private:
  const sys::Rootfs& rootfs_;
  std::string directory_;
  sys::Fd fd_;
};

mode_t type_bits(const plan::DeviceNode& node) {
  switch (node.type) {
    case 'b':
      return S_IFBLK;
    case 'p':
      return S_IFIFO;
    default:
      return S_IFCHR;
  }
}

bool is_that_node(const struct ::stat& found, const plan::DeviceNode& node) {
  if ((found.st_mode & S_IFMT) != type_bits(node)) return false;
  return node.type == 'p' || found.st_rdev == ::makedev(node.major, node.minor);
}

/// By the descriptor of what was looked at: the name may lead to something else by now.
void set_owner(const sys::Fd& found, const plan::DeviceNode& node) {
  if (::fchownat(found.get(), "", node.uid, node.gid, AT_EMPTY_PATH) != 0) {
    throw_os("fchownat", errno, cat("give ", quote(node.path), " to ", node.uid, ":", node.gid));
  }
}

/// The image or a mount has something there already: it must be that very node (CVE-2025-31133's
/// class), and gets the mode and owner of the config.
void adopt(InitContext& context, int parent, const std::string& name,
           const plan::DeviceNode& node) {
  const sys::Fd found = sys::open_at(parent, name, O_PATH | O_NOFOLLOW);
  const struct ::stat status = sys::status_of(found.get());
  if (!is_that_node(status, node)) {
    throw Error(ErrorKind::denied,
                cat(quote(node.path), " exists and is not the device ",
                    std::string_view(&node.type, 1), " ", node.major, ":", node.minor));
  }
  if (status.st_uid != node.uid || status.st_gid != node.gid) set_owner(found, node);
  if ((status.st_mode & 07777) == node.mode) return;
  // By the magic link of the verified node: fchmodat has no NOFOLLOW before 6.6.
  const sys::Fd fds = procfs_of(context).open("thread-self/fd", O_PATH | O_DIRECTORY);
  if (::fchmodat(fds.get(), cat(found.get()).c_str(), node.mode, 0) != 0) {
    throw_os("fchmodat", errno, cat("set the mode of ", quote(node.path)));
  }
}

void make_node(InitContext& context, int parent, const std::string& name,
               const plan::DeviceNode& node) {
  // The umask is 0 here, so the mode is exact.
  const dev_t number = node.type == 'p' ? 0 : ::makedev(node.major, node.minor);
  if (::mknodat(parent, name.c_str(), type_bits(node) | node.mode, number) != 0) {
    if (errno == EEXIST) return adopt(context, parent, name, node);
    throw_os("mknodat", errno, cat("make the node ", quote(node.path)));
  }
  if (node.uid != 0 || node.gid != 0) adopt(context, parent, name, node);
}

/// In a user namespace mknod is refused: the host's node of the same path is bound, if it is that.
void bind_node(const sys::Rootfs& rootfs, const plan::DeviceNode& node) {
  const sys::Fd tree = sys::open_tree(AT_FDCWD, node.path, OPEN_TREE_CLONE);
  if (!is_that_node(sys::status_of(tree.get()), node)) {
    throw Error(ErrorKind::denied, cat("the host's ", quote(node.path), " is not the device ",
                                       node.major, ":", node.minor));
  }
  const sys::Fd target = rootfs.make_file(node.path);
  // A node is neither executed nor of any use to a set-user-id bit.
  sys::set_attributes(tree.get(), MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, 0, 0, /*recursive=*/false);
  sys::move_mount(tree.get(), target.get());
}

/// A link that is there already may stay, but for /dev/ptmx: it must lead to this container's pts.
void make_link(int parent, const std::string& name, const plan::Symlink& link) {
  if (::symlinkat(link.target.c_str(), parent, name.c_str()) == 0) return;
  if (errno == EEXIST && link.path != "/dev/ptmx") return;
  if (errno == EEXIST) {
    sys::remove_at(parent, name);
    if (::symlinkat(link.target.c_str(), parent, name.c_str()) == 0) return;
  }
  throw_os("symlinkat", errno, cat("make the link ", quote(link.path)));
}

void prove_null(int fd) {
  const struct ::stat status = sys::status_of(fd);
  if (!S_ISCHR(status.st_mode) || status.st_rdev != ::makedev(1, 3)) {
    throw Error(ErrorKind::denied, "/dev/null is not the character device 1:3");
  }
}

}  // namespace

void make_devices(InitContext& context) {
  ParentDirectory parent(context.rootfs);
  std::string name;
  for (const plan::DeviceNode& node : context.tree.devices) {
    Step step(cat("make the device ", node.path), node.pointer);
    if (node.bind_from_host) {
      bind_node(context.rootfs, node);
    } else {
      const int directory = parent.of(node.path, name);
      make_node(context, directory, name, node);
    }
  }
}

void make_links(InitContext& context) {
  ParentDirectory parent(context.rootfs);
  std::string name;
  for (const plan::Symlink& link : context.tree.links) {
    const int directory = parent.of(link.path, name);
    make_link(directory, name, link);
  }
}

void open_dev_null(InitContext& context) {
  sys::Fd null = context.rootfs.open("/dev/null", O_PATH | O_NOFOLLOW);
  prove_null(null.get());
  context.dev_null = std::move(null);
}

void clone_host_null(InitContext& context) {
  sys::Fd null = sys::open_tree(AT_FDCWD, "/dev/null", OPEN_TREE_CLONE);
  prove_null(null.get());
  // It is the host's inode: the container's root must not change its mode or owner through a mask.
  sys::set_attributes(null.get(), MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC, 0, 0,
                      /*recursive=*/false);
  context.host_null = std::move(null);
}

}  // namespace asylum::process
