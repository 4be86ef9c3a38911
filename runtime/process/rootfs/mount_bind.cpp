// SPDX-License-Identifier: Apache-2.0
// A clone of a host path: open_tree, mount_setattr, move_mount. File or directory is decided once,
// on the clone's descriptor.
// Runs in: init, after clone, before pivot_root.
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/root.h"
#include "runtime/process/init/steps.h"
#include "runtime/process/rootfs/mount_operations.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/mount/mount.h"

namespace asylum::process {
namespace {

unsigned clone_flags(const plan::Mount& mount) {
  unsigned flags = OPEN_TREE_CLONE;
  if (mount.recursive_bind) flags |= AT_RECURSIVE;
  if (mount.source_nofollow || mount.copy_symlink) flags |= AT_SYMLINK_NOFOLLOW;
  return flags;
}

/// With a user namespace init clones the source itself, so that the kernel keeps the flags locked
/// which the host's mount has (a descriptor handed over would lose them). Main is asked only for
/// what init cannot do: id-mapped mounts, and sources it may not read.
sys::Fd clone_source(InitContext& context, const plan::Mount& mount, std::size_t index) {
  if (context.enters) return std::move(context.sources.at(index));
  if (mount.idmap) return context.channel.want_mount_source(index);
  try {
    return sys::open_tree(AT_FDCWD, mount.source, clone_flags(mount));
  } catch (Error& error) {
    const bool user_namespace = has_namespace(context.plan, NamespaceType::user);
    if (user_namespace && error.err == EACCES) return context.channel.want_mount_source(index);
    if (error.pointer == mount.pointer) error.pointer += "/source";
    if (user_namespace && error.err == EINVAL && !mount.recursive_bind) {
      error.hint = "in a user namespace a tree with mounts below can only be bound with rbind";
    }
    throw;
  }
}

/// crun's copy-symlink: the link is made anew in the root instead of a mount.
void copy_symlink(InitContext& context, const plan::Mount& mount) {
  std::string name;
  const sys::Fd parent = context.rootfs.open_parent(mount.destination, name, /*create=*/true);
  const std::string target = sys::read_link_at(AT_FDCWD, mount.source);
  if (::symlinkat(target.c_str(), parent.get(), name.c_str()) == 0) return;
  if (errno == EEXIST && sys::read_link_at(parent.get(), name) == target) return;
  throw_os("symlinkat", errno, cat("make the link ", quote(mount.destination)));
}

}  // namespace

void mount_bind(InitContext& context, const plan::Mount& mount, std::size_t index) {
  sys::Fd tree = clone_source(context, mount, index);
  const struct ::stat source = sys::status_of(tree.get());
  if (mount.copy_symlink && S_ISLNK(source.st_mode)) return copy_symlink(context, mount);
  const Target target = open_target_like(context, mount, S_ISDIR(source.st_mode));
  refuse_target_in_procfs(target.fd.get(), mount.destination,
                          sys::filesystem_magic(tree.get()) == PROC_SUPER_MAGIC);
  apply_attributes(mount, tree.get());
  attach(context, mount, std::move(tree), target);
}

}  // namespace asylum::process
