// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/mount_source.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/mount.h"
#include "runtime/sys/procfs.h"

namespace asylum::process {
namespace {

constexpr std::uint64_t kLocked = plan::attribute::rdonly | plan::attribute::nosuid |
                                  plan::attribute::nodev | plan::attribute::noexec;

std::uint64_t attributes_of(std::uint64_t statvfs_flags) {
  std::uint64_t attributes = 0;
  if ((statvfs_flags & ST_RDONLY) != 0) attributes |= plan::attribute::rdonly;
  if ((statvfs_flags & ST_NOSUID) != 0) attributes |= plan::attribute::nosuid;
  if ((statvfs_flags & ST_NODEV) != 0) attributes |= plan::attribute::nodev;
  if ((statvfs_flags & ST_NOEXEC) != 0) attributes |= plan::attribute::noexec;
  return attributes;
}

bool has_own_user_namespace(const plan::Plan& plan) {
  for (const plan::Namespace& space : plan.namespaces) {
    if (space.type == plan::NamespaceType::user) return true;
  }
  return false;
}

std::string names_of(std::uint64_t flags) {
  std::string names;
  const auto add = [&](std::uint64_t flag, const char* name) {
    if ((flags & flag) != 0) names += cat(names.empty() ? "" : ", ", name);
  };
  add(plan::attribute::rdonly, "ro");
  add(plan::attribute::nosuid, "nosuid");
  add(plan::attribute::nodev, "nodev");
  add(plan::attribute::noexec, "noexec");
  return names;
}

}  // namespace

std::uint64_t flags_lost_by_handing_over(const plan::Plan& plan, const plan::Mount& mount,
                                         std::uint64_t source_flags) {
  if (!has_own_user_namespace(plan)) return 0;  // then there are no locks: it is root's own word
  const bool may_clear =
      (plan.process.identity.capabilities.bounding & (std::uint64_t{1} << CAP_SYS_ADMIN)) != 0;
  const std::uint64_t kept = may_clear ? 0 : mount.attributes.set | mount.recursive_attributes.set;
  return source_flags & kLocked & ~kept;
}

sys::Fd open_mount_source(const plan::Plan& plan, std::int64_t index, pid_t init) {
  if (index < 0 || static_cast<std::size_t>(index) >= plan.mounts.size()) {
    throw Error(ErrorKind::internal, cat("init asked for mount ", index));
  }
  const plan::Mount& mount = plan.mounts[static_cast<std::size_t>(index)];
  Step step{cat("open the source of ", mount.destination), mount.pointer};
  const int follow = mount.source_nofollow ? O_NOFOLLOW : 0;
  const sys::Fd source = sys::open_at(AT_FDCWD, mount.source, O_PATH | follow);
  const std::uint64_t lost =
      flags_lost_by_handing_over(plan, mount, attributes_of(sys::mount_flags_of(source.get())));
  if (lost != 0) {
    throw Error(ErrorKind::denied, cat(quote(mount.source), " is mounted ", names_of(lost),
                                       " on the host, and the container could undo that"))
        .with_hint(
            "ask for the same options in the mount and leave CAP_SYS_ADMIN out of the bounding "
            "set");
  }
  sys::Fd tree = sys::clone_tree(source.get(), mount.recursive_bind);
  if (mount.idmap && mount.idmap->uids.empty() && mount.idmap->gids.empty()) {
    const sys::Fd space = sys::Procfs::open_host().open_link(cat(init, "/ns"), "user", O_RDONLY);
    sys::set_attributes(tree.get(), MOUNT_ATTR_IDMAP, 0, 0, mount.idmap->recursive, space.get());
  }
  return tree;
}

}  // namespace asylum::process
