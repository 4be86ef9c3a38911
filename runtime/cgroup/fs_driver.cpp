// SPDX-License-Identifier: Apache-2.0
#include "runtime/cgroup/fs_driver.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <unistd.h>

#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/knockout.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/device_filter.h"
#include "runtime/cgroup/limits_change.h"
#include "runtime/cgroup/subtree.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"

namespace asylum::cgroup {
namespace {

/// Source: /sys/kernel/cgroup/delegate; runtime-spec config-linux.md#cgroup-ownership.
void delegate(const Cgroup& cgroup, uid_t owner) {
  if (knocked_out("cgroup", "delegate")) return;
  Step step{cat("give cgroup ", cgroup.path(), " to the container's root")};
  constexpr gid_t kKeep = static_cast<gid_t>(-1);
  if (::fchown(cgroup.fd(), owner, kKeep) != 0) throw_os("fchown", errno, "change its owner");
  const std::string files = sys::try_read_file_at(AT_FDCWD, "/sys/kernel/cgroup/delegate")
                                .value_or("cgroup.procs\ncgroup.subtree_control\ncgroup.threads\n");
  for (const std::string_view line : split(files, '\n')) {
    const std::string name(trim(line));
    if (name.empty()) continue;
    if (::fchownat(cgroup.fd(), name.c_str(), owner, kKeep, AT_SYMLINK_NOFOLLOW) == 0) continue;
    if (errno != ENOENT) throw_os("fchownat", errno, cat("change the owner of ", quote(name)));
  }
}

/// The leaf's parent directory and name, or nothing if the parent is gone.
struct Leaf {
  sys::Fd parent;
  std::string name;
};

std::optional<Leaf> find_leaf(int root, const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const std::string parent = slash == 0 ? "." : path.substr(1, slash - 1);
  auto directory = sys::try_open_beneath(root, parent, O_RDONLY | O_DIRECTORY);
  if (!directory) return std::nullopt;
  return Leaf{std::move(*directory), path.substr(slash + 1)};
}

void remove_leaf(const Leaf& leaf, const Directory& recorded, const sys::Deadline& deadline) {
  auto directory = sys::try_open_beneath(leaf.parent.get(), leaf.name, O_RDONLY | O_DIRECTORY);
  if (!directory) return;
  const Cgroup cgroup(std::move(*directory), recorded.path);
  if (recorded.inode == 0 || cgroup.inode() != recorded.inode) {
    // Ours at most by intent, then it is empty; another's with processes refuses an rmdir.
    if (recorded.inode == 0) {
      static_cast<void>(sys::try_remove_at(leaf.parent.get(), leaf.name, AT_REMOVEDIR));
    }
    return;
  }
  auto refused = sys::try_remove_at(leaf.parent.get(), leaf.name, AT_REMOVEDIR);
  if (!refused || *refused == ENOENT) return;
  cgroup.kill_all();
  if (!cgroup.wait_until_empty(deadline)) {
    throw Error(ErrorKind::os, cat("processes of cgroup ", quote(recorded.path), " do not die"));
  }
  cgroup.remove_descendants();
  refused = sys::try_remove_at(leaf.parent.get(), leaf.name, AT_REMOVEDIR);
  if (refused && *refused != ENOENT) {
    throw_os("unlinkat", *refused, cat("remove cgroup ", quote(recorded.path)));
  }
}

}  // namespace

Cgroup FsDriver::create(const CreateRequest& request, const Witness& witness) {
  const plan::Cgroup& plan = request.cgroup;
  Step step{cat("make cgroup ", plan.path), plan.pointer};
  const sys::Fd root = open_root(plan.mount_point);
  MadeTree tree = make_tree(root.get(), plan.path, witness);
  enable_controllers(root.get(), plan.path, plan.controllers, controllers_of(plan.writes),
                     plan.pointer);
  Cgroup cgroup(std::move(tree.leaf), plan.path);
  for (const plan::ControlWrite& control : plan.writes) cgroup.write(control);
  if (plan.device_filter) {
    attach_device_filter(cgroup, *plan.device_filter, request.mknod_is_impossible);
  }
  if (plan.delegate && request.delegate_to) delegate(cgroup, *request.delegate_to);
  return cgroup;
}

void FsDriver::update(const Place& place, const Cgroup& cgroup, const LimitsUpdate& update) {
  LimitsChange change(cgroup, place.mount_point);
  try {
    change.write(update.writes);
    if (!update.devices.empty()) change.replace_devices(update.devices);
    update.applied();
  } catch (...) {
    change.roll_back();
    throw;
  }
  change.warn_of_differences();
}

void FsDriver::remove(const Place& place, const sys::Deadline& deadline) {
  Step step{cat("remove cgroup ", place.directory.path)};
  const auto root = sys::try_open_at(AT_FDCWD, place.mount_point, O_RDONLY | O_DIRECTORY);
  if (!root || sys::filesystem_magic(root->get()) != CGROUP2_SUPER_MAGIC) {
    // Made in another mount namespace, or unmounted since: out of reach, and no reason to keep a
    // container that cannot be deleted.
    log::warning(cat("cgroup ", place.directory.path, " is not removed: there is no cgroup2 at ",
                     quote(place.mount_point), " any more"));
    return;
  }
  if (const auto leaf = find_leaf(root->get(), place.directory.path)) {
    remove_leaf(*leaf, place.directory, deadline);
  }
  remove_ancestors(root->get(), place.directory.path, place.ancestors);
}

std::optional<Cgroup> FsDriver::find(const Place& place) {
  if (place.directory.inode == 0) return std::nullopt;
  const auto root = sys::try_open_at(AT_FDCWD, place.mount_point, O_RDONLY | O_DIRECTORY);
  if (!root) return std::nullopt;
  auto directory =
      sys::try_open_beneath(root->get(), place.directory.path.substr(1), O_RDONLY | O_DIRECTORY);
  if (!directory) return std::nullopt;
  Cgroup cgroup(std::move(*directory), place.directory.path);
  if (cgroup.inode() != place.directory.inode) return std::nullopt;
  return cgroup;
}

}  // namespace asylum::cgroup
