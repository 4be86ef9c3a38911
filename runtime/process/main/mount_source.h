// SPDX-License-Identifier: Apache-2.0
// Mount sources that init cannot open itself: idmapped ones, and such as its user namespace may not
// read. Runs in: main.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string_view>

#include "runtime/plan/types/root.h"
#include "runtime/sys/fd.h"

namespace asylum::plan {
struct Plan;
}

namespace asylum::process {

/// A detached mount of plan.mounts[index]'s source. Throws.
///
/// A descriptor handed over loses the locks of its flags: in a user namespace of its own the
/// container could clear read-only, nosuid, nodev and noexec of a host mount. So a source whose own
/// mount has such a flag is refused, unless the config asks for the same flag and the container's
/// bounding set lacks CAP_SYS_ADMIN (design §6).
sys::Fd open_mount_source(const plan::Plan& plan, std::int64_t index, pid_t init);

/// Of the flags that the source's mount has (MOUNT_ATTR_* of attribute::), those that would be
/// lost. Pure.
std::uint64_t flags_lost_by_handing_over(const plan::Plan& plan, const plan::Mount& mount,
                                         std::uint64_t source_flags);

/// Those flags in a mount table row's options, "rw,nosuid,relatime". Pure.
std::uint64_t attributes_in_options(std::string_view options);

}  // namespace asylum::process
