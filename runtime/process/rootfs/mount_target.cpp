// SPDX-License-Identifier: Apache-2.0
// Where a mount goes: looked up in the root once, kept as a descriptor, never as a path again.
// Runs in: init, after clone, before pivot_root.
#include "runtime/process/rootfs/mount_target.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <sys/stat.h>

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/root.h"
#include "runtime/sys/file.h"

namespace asylum::process {
namespace {

constexpr ino_t kProcRootInode = 1;  // PROC_ROOT_INO, linux/proc_ns.h

// What lxcfs and its like may replace. Source: runc's list, runtime-spec config.md#mounts is
// silent.
constexpr std::string_view kReplaceable[] = {
    "/proc/cpuinfo",
    "/proc/diskstats",
    "/proc/meminfo",
    "/proc/stat",
    "/proc/swaps",
    "/proc/uptime",
    "/proc/loadavg",
    "/proc/slabinfo",
    "/proc/sys/kernel/ns_last_pid",
    "/proc/sys/crypto/fips_enabled",
};

[[noreturn]] void refuse_plain(const plan::Mount& mount) {
  throw Error(ErrorKind::denied, cat("filesystem ", quote(mount.fs_type),
                                     " must be mounted on ordinary directory, and ",
                                     quote(mount.destination), " is none in this root file system"))
      .at(mount.pointer + "/destination")
      .with_hint("the image has a symbolic link or a file there: remove it from the image");
}

std::optional<sys::Fd> try_open_plain(InitContext& context, const plan::Mount& mount) {
  constexpr std::uint64_t kNoLinks = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS;
  const std::string_view relative = std::string_view(mount.destination).substr(1);
  try {
    return sys::try_open_beneath(context.rootfs.root(),
                                 relative.empty() ? "." : std::string(relative),
                                 O_PATH | O_DIRECTORY, 0, kNoLinks);
  } catch (const Error& error) {
    if (error.err == ELOOP) refuse_plain(mount);
    throw;
  }
}

/// crun's dest-nofollow: a link at the destination is itself what is mounted on.
int follow_flag(const plan::Mount& mount) {
  return mount.destination_nofollow ? O_NOFOLLOW : 0;
}

}  // namespace

Target open_directory_target(InitContext& context, const plan::Mount& mount) {
  if (auto found = context.rootfs.find(mount.destination, O_PATH | follow_flag(mount))) {
    return {std::move(found->fd), true, found->is_root};
  }
  return {context.rootfs.make_directories(mount.destination), false};
}

Target open_plain_target(InitContext& context, const plan::Mount& mount) {
  if (auto found = try_open_plain(context, mount)) {
    return {std::move(*found), true, mount.destination == "/"};
  }
  if (!context.rootfs.is_plain_directory_path(mount.destination)) refuse_plain(mount);
  context.rootfs.make_directories(mount.destination);
  // Looked up again with the same strictness: somebody who shares a volume may have put a link in.
  if (auto made = try_open_plain(context, mount)) return {std::move(*made), false};
  refuse_plain(mount);
}

Target open_target_like(InitContext& context, const plan::Mount& mount, bool directory) {
  if (directory) return open_directory_target(context, mount);
  if (auto found = context.rootfs.find(mount.destination, O_PATH | follow_flag(mount))) {
    return {std::move(found->fd), true, found->is_root};
  }
  return {context.rootfs.make_file(mount.destination), false};
}

void refuse_target_in_procfs(int target, const std::string& destination, bool brings_procfs) {
  if (sys::filesystem_magic(target) != PROC_SUPER_MAGIC) return;
  if (brings_procfs && sys::status_of(target).st_ino == kProcRootInode) return;
  if (std::find(std::begin(kReplaceable), std::end(kReplaceable), destination) !=
      std::end(kReplaceable)) {
    return;
  }
  throw Error(ErrorKind::denied,
              cat(quote(destination), " cannot be mounted because it is inside /proc"))
      .with_hint("only proc itself may be mounted on /proc, and a few files such as /proc/cpuinfo");
}

}  // namespace asylum::process
