// SPDX-License-Identifier: Apache-2.0
// The executors of one mount each, and what they share. A mount is built detached and attached by
// descriptor to a target that was looked up in the root once (design §8.1).
// Runs in: init, after clone, before pivot_root.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "runtime/plan/types/root.h"
#include "runtime/process/init/init.h"
#include "runtime/process/rootfs/mount_target.h"
#include "runtime/sys/fd.h"

namespace asylum::process {

// ---- one executor a MountKind -------------------------------------------------------------------
void mount_filesystem(InitContext& context, const plan::Mount& mount);
void mount_bind(InitContext& context, const plan::Mount& mount, std::size_t index);
void mount_remount(InitContext& context, const plan::Mount& mount);
void mount_cgroup(InitContext& context, const plan::Mount& mount);

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
/// These changes, in order.
void set_propagation(int tree, const std::vector<PropagationChange>& changes);
/// Those of the mount's words, which are kept for after the root's.
void give_propagation(InitContext& context, const plan::Mount& mount, int tree);
/// The mount's own attributes, then the recursive ones.
void apply_attributes(const plan::Mount& mount, int tree);

/// Makes the mounts at these paths below the attached `tree` read-only, each with all that is below
/// it; what is no mount any more is passed over. Throws.
void make_readonly_below(int tree, const std::vector<std::string>& paths);

}  // namespace asylum::process
