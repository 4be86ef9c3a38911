// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/main/mount_source.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/mount.h>
#include <sys/statvfs.h>

#include <string>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/late/both/mount_table.h"
#include "runtime/late/main/helper.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/both/clone_flags.h"
#include "runtime/process/main/id_maps.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/mount/mount.h"
#include "runtime/sys/procfs.h"

namespace asylum::process {
namespace {

constexpr std::uint64_t kLocked =
    attribute::rdonly | attribute::nosuid | attribute::nodev | attribute::noexec;

std::uint64_t attributes_of(std::uint64_t statvfs_flags) {
  std::uint64_t attributes = 0;
  if ((statvfs_flags & ST_RDONLY) != 0) attributes |= attribute::rdonly;
  if ((statvfs_flags & ST_NOSUID) != 0) attributes |= attribute::nosuid;
  if ((statvfs_flags & ST_NODEV) != 0) attributes |= attribute::nodev;
  if ((statvfs_flags & ST_NOEXEC) != 0) attributes |= attribute::noexec;
  return attributes;
}

// Of all mounts that a recursive clone takes along. Reads the mount table: only for the rare source
// that is handed over, never on the common path.
std::uint64_t attributes_below(const sys::Fd& source) {
  const auto procfs = sys::Procfs::open_host();
  const std::string path = sys::read_link_at(procfs.root(), cat("self/fd/", source.get()));
  std::uint64_t attributes = 0;
  for (const late::MountRow& row : late::read_mount_table()) {
    if (late::is_at_or_below(row.mount_point, path)) {
      attributes |= attributes_in_options(row.options);
    }
  }
  return attributes;
}

bool has_own_user_namespace(const plan::Plan& plan) {
  for (const plan::Namespace& space : plan.namespaces) {
    if (space.type == NamespaceType::user) return true;
  }
  return false;
}

std::string names_of(std::uint64_t flags) {
  std::string names;
  const auto add = [&](std::uint64_t flag, const char* name) {
    if ((flags & flag) != 0) names += cat(names.empty() ? "" : ", ", name);
  };
  add(attribute::rdonly, "ro");
  add(attribute::nosuid, "nosuid");
  add(attribute::nodev, "nodev");
  add(attribute::noexec, "noexec");
  return names;
}

// The user namespace whose map an id-mapped mount gets: the container's own, or one made for it.
sys::Fd id_map_of(const plan::IdmapRequest& idmap, pid_t init) {
  if (!idmap.uids.empty() || !idmap.gids.empty()) {
    plan::IdMaps maps;
    maps.uids = idmap.uids;
    maps.gids = idmap.gids;
    return make_user_namespace(maps);
  }
  return sys::Procfs::open_host().open_link(cat(init, "/ns"), "user", O_RDONLY);
}

void refuse_lost_flags(const plan::Plan& plan, const plan::Mount& mount, const sys::Fd& source) {
  if (!has_own_user_namespace(plan)) return;
  std::uint64_t flags = attributes_of(sys::mount_flags_of(source.get()));
  if (mount.recursive_bind) flags |= attributes_below(source);
  const std::uint64_t lost = flags_lost_by_handing_over(plan, mount, flags);
  if (lost == 0) return;
  throw Error(ErrorKind::denied, cat(quote(mount.source), " is mounted ", names_of(lost),
                                     " on the host, and the container could undo that"))
      .with_hint(
          "ask for the same options in the mount and leave CAP_SYS_ADMIN out of the bounding set");
}

}  // namespace

std::uint64_t attributes_in_options(std::string_view options) {
  std::uint64_t attributes = 0;
  for (const std::string_view option : split(options, ',')) {
    if (option == "ro") attributes |= attribute::rdonly;
    if (option == "nosuid") attributes |= attribute::nosuid;
    if (option == "nodev") attributes |= attribute::nodev;
    if (option == "noexec") attributes |= attribute::noexec;
  }
  return attributes;
}

std::uint64_t flags_lost_by_handing_over(const plan::Plan& plan, const plan::Mount& mount,
                                         std::uint64_t source_flags) {
  if (!has_own_user_namespace(plan)) return 0;  // then there are no locks: it is root's own word
  const bool may_clear =
      (plan.process.identity.capabilities.bounding & (std::uint64_t{1} << CAP_SYS_ADMIN)) != 0;
  // Of a tree, only the recursive attributes hold for what is mounted below its root.
  const std::uint64_t asked = mount.recursive_bind
                                  ? mount.recursive_attributes.set
                                  : mount.attributes.set | mount.recursive_attributes.set;
  const std::uint64_t kept = may_clear ? 0 : asked;
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
  refuse_lost_flags(plan, mount, source);
  sys::Fd tree = sys::clone_tree(source.get(), mount.recursive_bind);
  // Cloned in the host's mount namespace: a peer of the host's mount until it is cut off as init's
  // own tree is. Else what the container mounts below it would appear on the host.
  const PropagationChange& cut = plan.root.parent_propagation;
  sys::set_attributes(tree.get(), 0, 0, sys::propagation_flag(cut.to), cut.recursive);
  if (mount.idmap) {
    const sys::Fd space = id_map_of(*mount.idmap, init);
    sys::set_attributes(tree.get(), MOUNT_ATTR_IDMAP, 0, 0, mount.idmap->recursive, space.get());
  }
  return tree;
}

}  // namespace asylum::process
