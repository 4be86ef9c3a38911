// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/rootfs/mount_operations.h"

#include <fcntl.h>
#include <linux/openat2.h>

#include <utility>

#include "runtime/base/error.h"
#include "runtime/plan/types/root.h"
#include "runtime/process/both/clone_flags.h"
#include "runtime/sys/file.h"
#include "runtime/sys/mount/mount.h"

namespace asylum::process {

std::uint64_t first_attributes(const plan::Mount& mount) {
  return mount.readonly_last ? mount.attributes.set & ~attribute::rdonly : mount.attributes.set;
}

void give_first_attributes(const plan::Mount& mount, int tree) {
  const std::uint64_t set = first_attributes(mount);
  // mount_setattr(2): an atime mode is changed only if the mask is cleared.
  const std::uint64_t mask = attribute::atime_mask;
  if (set != 0) sys::set_attributes(tree, set, (set & mask) != 0 ? mask : 0, 0, false);
}

void apply_attributes(const plan::Mount& mount, int tree) {
  const std::uint64_t set = first_attributes(mount);
  if (set != 0 || mount.attributes.clear != 0) {
    sys::set_attributes(tree, set, mount.attributes.clear, 0, false);
  }
  if (!mount.recursive_attributes.empty()) {
    sys::set_attributes(tree, mount.recursive_attributes.set, mount.recursive_attributes.clear, 0,
                        true);
  }
}

void make_readonly_below(int tree, const std::vector<std::string>& paths) {
  constexpr std::uint64_t kPlain = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS;
  for (const std::string& path : paths) {
    const auto found = sys::try_open_beneath(tree, path, O_PATH | O_DIRECTORY, 0, kPlain);
    if (!found || !sys::is_mount_root(found->get())) continue;
    sys::set_attributes(found->get(), attribute::rdonly, 0, 0, /*recursive=*/true);
  }
}

void set_propagation(int tree, const std::vector<PropagationChange>& changes) {
  for (const PropagationChange& change : changes) {
    sys::set_attributes(tree, 0, 0, sys::propagation_flag(change.to), change.recursive);
  }
}

void give_propagation(InitContext& context, const plan::Mount& mount, int tree) {
  set_propagation(tree, mount.propagation);
  if (mount.propagation.empty() || context.enters || !context.tree.root.propagation) return;
  context.own_propagation.emplace_back(sys::duplicate(tree), &mount.propagation);
}

void attach(InitContext& context, const plan::Mount& mount, sys::Fd tree, const Target& target) {
  if (target.is_root && context.enters) {
    throw Error(ErrorKind::invalid_config,
                "nothing can be mounted on the root of a running container: its processes would "
                "not see it")
        .at(mount.pointer + "/destination");
  }
  sys::move_mount(tree.get(), target.fd.get());
  make_readonly_below(tree.get(), mount.readonly_below);
  if (context.enters) context.attached.push_back(tree.dup());
  give_propagation(context, mount, tree.get());
  if (mount.readonly_last) context.readonly_last.push_back(tree.dup());
  if (target.is_root) context.rootfs.replace_root(std::move(tree));
}

}  // namespace asylum::process
