// SPDX-License-Identifier: Apache-2.0
// The life of a cgroup's device filter. (plan/resources/device_filter.h makes its program.)
#pragma once

#include <cstdint>
#include <span>
#include <utility>

#include "runtime/cgroup/cgroup.h"
#include "runtime/sys/fd.h"

namespace asylum::cgroup {

/// The name under which the kernel knows our programs.
inline constexpr char kDeviceProgramName[] = "asylum_devices";

/// Of a new cgroup. `mknod_is_impossible`: then a filter that BPF does not permit is left out (design
/// §11). Throws.
void attach_device_filter(const Cgroup& cgroup, const plan::DeviceFilter& filter,
                          bool mknod_is_impossible);

/// Loads the program and puts it in the place of ours in one step (BPF_F_REPLACE); attaches it
/// where there is none of ours. Programs of others stay. Returns the old one, if any, and the new
/// one. Throws.
std::pair<sys::Fd, sys::Fd> replace_device_filter(const Cgroup& cgroup,
                                                  std::span<const std::uint64_t> program);

/// Undoes it. Without a new program nothing is done. Throws.
void restore_device_filter(const Cgroup& cgroup, const sys::Fd& old_program,
                           const sys::Fd& new_program);

}  // namespace asylum::cgroup
