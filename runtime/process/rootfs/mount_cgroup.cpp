// SPDX-License-Identifier: Apache-2.0
// The cgroup file system: new in the container's cgroup namespace, else a bind of its own cgroup.
// Never the host's whole tree (CVE-2023-25809).
// Runs in: init, after clone, before pivot_root.
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>

#include <string>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/init/steps.h"
#include "runtime/process/rootfs/mount_operations.h"
#include "runtime/sys/mount/fs_context.h"
#include "runtime/sys/mount/mount.h"
#include "runtime/sys/process/proc_text.h"

namespace asylum::process {
namespace {

/// The new mount; none and the errno where the kernel refuses.
sys::Fd try_mount_new(const plan::Mount& mount, int& error_number) {
  sys::FsContext fs("cgroup2");
  if (!mount.source.empty()) fs.set_string("source", mount.source, mount.pointer + "/source");
  error_number = fs.try_create();
  if (error_number != 0) return {};
  return fs.try_mount(first_attributes(mount), error_number);
}

/// Our own cgroup as a host path. Without a cgroup namespace the kernel says it; within one it says
/// "/", and only the plan of a cgroup that we named ourselves knows more.
std::string own_directory(InitContext& context, bool in_namespace) {
  const plan::Cgroup& cgroup = context.plan.cgroup;
  if (!in_namespace) {
    const auto path = sys::cgroup2_path(procfs_of(context).read("self/cgroup"));
    if (path && *path != "/") return cgroup.mount_point + *path;
  } else if (cgroup.manager == CgroupManager::cgroupfs && cgroup.path.starts_with('/')) {
    return cgroup.mount_point + cgroup.path;
  }
  throw Error(ErrorKind::denied, "the container has no cgroup of its own that could be shown")
      .with_hint("remove the mount, or give the container a cgroup namespace of its own");
}

}  // namespace

void mount_cgroup(InitContext& context, const plan::Mount& mount) {
  const Target target = open_directory_target(context, mount);
  refuse_target_in_procfs(target.fd.get(), mount.destination, /*brings_procfs=*/false);
  const bool in_namespace = has_namespace(context.plan, NamespaceType::cgroup);
  sys::Fd tree;
  int error_number = 0;
  // Without a cgroup namespace a new mount would show the host's whole tree.
  if (in_namespace) tree = try_mount_new(mount, error_number);
  // EPERM: the namespace belongs to another user namespace; EBUSY: a v1 hierarchy is in the way.
  if (!tree && error_number != 0 && error_number != EPERM && error_number != EBUSY) {
    throw_os("fsmount", error_number, "mount cgroup2");
  }
  if (!tree) {
    tree = sys::open_tree(AT_FDCWD, own_directory(context, in_namespace), OPEN_TREE_CLONE);
    give_first_attributes(mount, tree.get());
  }
  if (!mount.recursive_attributes.empty()) apply_attributes(mount, tree.get());
  attach(context, mount, std::move(tree), target);
}

}  // namespace asylum::process
