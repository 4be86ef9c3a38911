// SPDX-License-Identifier: Apache-2.0
// The descriptor mount API: build a mount detached, set it up, attach it by descriptor with empty
// paths. Flag constants are those of <sys/mount.h> (MOUNT_ATTR_*, MS_*). errnos that lie are
// translated here.
#pragma once

#include <sys/mount.h>

#include <cstdint>
#include <functional>
#include <string>

#include "runtime/base/oci_words.h"
#include "runtime/sys/fd.h"

namespace asylum::sys {

class Procfs;

/// open_tree(2) with OPEN_TREE_CLOEXEC added; `flags` are OPEN_TREE_CLONE, AT_RECURSIVE,
/// AT_EMPTY_PATH, AT_SYMLINK_NOFOLLOW. For host paths only, never for one below the root. Throws.
Fd open_tree(int dir, const std::string& path, unsigned flags);

/// A detached clone of the mount at `fd` (which must be attached: detached mounts cannot be cloned
/// below 6.15). Throws.
Fd clone_tree(int fd, bool recursive);

/// move_mount(2), empty path on both sides: what `mount_fd` is goes on top of what `target_fd` is.
/// Throws.
void move_mount(int mount_fd, int target_fd);

/// MS_PRIVATE and so on.
std::uint64_t propagation_flag(Propagation propagation);

/// mount_setattr(2) of the mount at `fd`: bits to set and to clear (MOUNT_ATTR_*; for atime clear
/// MOUNT_ATTR__ATIME), propagation (MS_PRIVATE, MS_SLAVE, MS_SHARED, MS_UNBINDABLE or 0), the whole
/// tree or not, and with MOUNT_ATTR_IDMAP the user namespace. Throws.
void set_attributes(int fd, std::uint64_t set, std::uint64_t clear, std::uint64_t propagation,
                    bool recursive, int userns_fd = -1);
/// 0 when done, else the errno.
[[nodiscard]] int try_set_attributes(int fd, std::uint64_t set, std::uint64_t clear,
                                     std::uint64_t propagation, bool recursive, int userns_fd = -1);

/// Runs `act`, which is to return 0 or to set errno, with the verified proc as the working
/// directory: mount(2) and umount2(2) know no descriptors, but "thread-self/fd/7". Returns the
/// errno of `act`, 0 for none. Throws if the working directory cannot be changed.
int within(const Procfs& procfs, const std::function<int()>& act);

/// Takes away the mount whose root `mount_fd` is (its own descriptor, or one that was looked up),
/// with all that is mounted below: umount2(MNT_DETACH) through the descriptor's link in `procfs`,
/// this process's verified proc. Throws.
void unmount(int mount_fd, const Procfs& procfs);

/// Changes the process's root to the mount at `root_fd` and drops the old root: pivot_root(".",
/// "."), then a lazy umount of the old one, and chdir "/". Unless the caller knows that nothing of
/// the old root can propagate
/// (`old_root_may_propagate` false), its tree is made a slave first, or the host would lose its
/// mounts. Throws.
void pivot_root_here(int root_fd, bool old_root_may_propagate = true);

/// Attached or not, which mount is this? STATX_MNT_ID, unique while the mount lives. Throws.
std::uint64_t mount_id_of(int fd);
/// Whether the descriptor is the root of a mount (STATX_ATTR_MOUNT_ROOT). Throws.
bool is_mount_root(int fd);

/// The extra sentence for a mount errno that means something else than its text, or "".
/// ENOSPC: fs.mount-max is reached.
std::string hint_for_mount_error(int error_number);

}  // namespace asylum::sys
