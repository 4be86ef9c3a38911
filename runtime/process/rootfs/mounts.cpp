// SPDX-License-Identifier: Apache-2.0
// The mounts of the config, in its order: one executor a kind, and the end that all share.
// Runs in: init, after clone, before pivot_root.
#include <string>

#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/root.h"
#include "runtime/process/init/steps.h"
#include "runtime/process/rootfs/mount_operations.h"

namespace asylum::process {
namespace {

std::string describe(const plan::Mount& mount) {
  switch (mount.kind) {
    case plan::MountKind::filesystem:
    case plan::MountKind::cgroup:
      return cat("mount ", mount.fs_type, " on ", mount.destination);
    case plan::MountKind::bind:
      return cat("mount ", mount.source, " on ", mount.destination);
    case plan::MountKind::remount:
      return cat("remount ", mount.destination);
  }
  return {};
}

void execute(InitContext& context, const plan::Mount& mount, std::size_t index) {
  switch (mount.kind) {
    case plan::MountKind::filesystem:
      return mount_filesystem(context, mount);
    case plan::MountKind::bind:
      return mount_bind(context, mount, index);
    case plan::MountKind::remount:
      return mount_remount(context, mount);
    case plan::MountKind::cgroup:
      return mount_cgroup(context, mount);
  }
}

}  // namespace

void make_mounts(InitContext& context) {
  for (std::size_t i = 0; i < context.tree.mounts.size(); ++i) {
    const plan::Mount& mount = context.tree.mounts[i];
    Step step(describe(mount), mount.pointer);
    execute(context, mount, i);
  }
}

}  // namespace asylum::process
