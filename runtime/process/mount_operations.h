// SPDX-License-Identifier: Apache-2.0
// The executors of one mount each, and what they share. A mount is built detached and attached by
// descriptor to a target that was looked up in the root once (design §8.1).
// Runs in: init, after clone, before pivot_root.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/process/init.h"
#include "runtime/sys/fd.h"

namespace asylum::process {

// ---- one executor a MountKind -------------------------------------------------------------------
void mount_filesystem(InitContext& context, const plan::Mount& mount);
void mount_bind(InitContext& context, const plan::Mount& mount, std::size_t index);
void mount_remount(InitContext& context, const plan::Mount& mount);
void mount_cgroup(InitContext& context, const plan::Mount& mount);

/// Copies the tree below `from` into the new, still detached, tmpfs `to`: files, directories, links
/// and nodes with mode and owner (tmpcopyup). Both are directories. What is on proc, sysfs and the
/// like is left out: it is the kernel's. Throws.
void copy_up(int from, int to);

// ---- targets ------------------------------------------------------------------------------------

struct Target {
  sys::Fd fd;            // O_PATH, in the root
  bool existed = false;  // before we came
  bool is_root = false;  // the root directory itself, by its own name or over a link
};

/// The directory to mount on, made if absent.
Target open_directory_target(InitContext& context, const plan::Mount& mount);
/// The same for proc and sysfs: a directory with no symbolic link on the way (CVE-2019-19921,
/// CVE-2023-27561). Throws ErrorKind::denied.
Target open_plain_target(InitContext& context, const plan::Mount& mount);
/// A directory or a file, as the source is.
Target open_target_like(InitContext& context, const plan::Mount& mount, bool directory);

/// Refuses a target inside procfs (but for the few files that lxcfs replaces), whatever path led
/// there: a fake /proc would defeat masks and labels (CVE-2019-16884). `brings_procfs`: the mount
/// itself is procfs and may cover a procfs root. Throws ErrorKind::denied.
void refuse_target_in_procfs(int target, const std::string& destination, bool brings_procfs);

// ---- the common end -----------------------------------------------------------------------------

/// The attributes that a new mount is born with: all but a read-only that must wait until the mount
/// is filled.
std::uint64_t first_attributes(const plan::Mount& mount);
/// Those, for a mount that was not born with them. Throws.
void give_first_attributes(const plan::Mount& mount, int tree);
/// Moves the mount onto the target, then applies the propagation changes in order. A mount on the
/// root becomes the root that later look-ups begin at; one that becomes read-only last is kept in
/// mind.
void attach(InitContext& context, const plan::Mount& mount, sys::Fd tree, const Target& target);
/// The mount's own attributes, then the recursive ones.
void apply_attributes(const plan::Mount& mount, int tree);

/// Makes the mounts at these paths below the attached `tree` read-only, each with all that is below
/// it; what is no mount any more is passed over. Throws.
void make_readonly_below(int tree, const std::vector<std::string>& paths);

/// MS_PRIVATE and so on.
std::uint64_t propagation_flag(plan::Propagation propagation);

}  // namespace asylum::process
