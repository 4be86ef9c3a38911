// SPDX-License-Identifier: Apache-2.0
// Runs in: the child of `mounts add` and `mounts remove`.
#include "runtime/process/init/mounting_steps.h"

#include <fcntl.h>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/root.h"
#include "runtime/process/init/exec_steps.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/mount/mount.h"

namespace asylum::process {
namespace {

using plan::Plan;

bool always(const Plan&) {
  return true;
}

/// The mount on the destination; the root's own is the container's.
sys::Fd open_mount(const InitContext& context, const plan::Mount& mount) {
  sys::Fd found = context.rootfs.open(mount.destination, O_PATH);
  if (!sys::is_mount_root(found.get())) {
    throw Error(ErrorKind::not_found, cat(quote(mount.destination), " is not a mount point"));
  }
  return found;
}

void take_away(InitContext& context, std::size_t from) noexcept {
  while (context.attached.size() > from) {
    try {
      sys::unmount(context.attached.back().get(), opened_procfs(context));
    } catch (const Error& error) {
      log::warning(cat("a mount that was made before the failure remains: ", error.detail));
    }
    context.attached.pop_back();
  }
}

/// If main cannot open one it ends us, so that this comes before there is anything to undo.
void fetch_sources(InitContext& context) {
  const std::vector<plan::Mount>& mounts = context.tree.mounts;
  context.sources.resize(mounts.size());
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    if (mounts[i].kind != plan::MountKind::bind) continue;
    context.sources[i] = context.channel.want_mount_source(i);
  }
}

void add_mounts(InitContext& context) {
  context.enters = true;
  try {
    make_mounts(context);
    make_mounts_readonly(context);
  } catch (...) {
    take_away(context, 0);
    throw;
  }
}

void find_mounts(InitContext& context) {
  for (const plan::Mount& mount : context.tree.mounts) {
    const Step step(cat("find the mount on ", mount.destination), mount.pointer);
    static_cast<void>(open_mount(context, mount));
  }
}

void remove_mounts(InitContext& context) {
  const std::vector<plan::Mount>& mounts = context.tree.mounts;
  for (std::size_t i = mounts.size(); i-- > 0;) {
    const Step step(cat("unmount ", mounts[i].destination), mounts[i].pointer);
    // Opened again: one of the list may have been mounted upon another.
    sys::unmount(open_mount(context, mounts[i]).get(), opened_procfs(context));
  }
}

constexpr InitStep kOutside[] = {
    // Of our own pid namespace: we never are in the container's.
    {"procfs", "open a private procfs", "", always, open_procfs},
};
constexpr InitStep kEntered[] = {
    {"umask_zero", "clear the umask", "", always, clear_umask},
    {"find_root", "find the container's root", "", always, find_root},
};
constexpr InitStep kAdding[] = {
    {"fetch_sources", "get the sources from main", "", always, fetch_sources},
    {"add_mounts", "make the mounts", "", always, add_mounts},
};
constexpr InitStep kRemoving[] = {
    // All of them first: a slip of the hand in one must not leave half of them gone.
    {"find_mounts", "find the mounts", "", always, find_mounts},
    {"remove_mounts", "take the mounts away", "", always, remove_mounts},
};

}  // namespace

std::span<const InitStep> outside_steps() {
  return kOutside;
}
std::span<const InitStep> entered_steps() {
  return kEntered;
}
std::span<const InitStep> adding_steps() {
  return kAdding;
}
std::span<const InitStep> removing_steps() {
  return kRemoving;
}

void run_adding_mounts(InitContext& context) noexcept {
  run_errand({waiting_steps(), kOutside, entry_steps(), kEntered, kAdding}, context);
}

void run_removing_mounts(InitContext& context) noexcept {
  run_errand({waiting_steps(), kOutside, entry_steps(), kEntered, kRemoving}, context);
}

}  // namespace asylum::process
