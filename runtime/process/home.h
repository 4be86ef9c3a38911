// SPDX-License-Identifier: Apache-2.0
// HOME of a program whose config says none.
// Runs in: init after pivot_root; exec's child after it has joined.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/sys/rootfs.h"

namespace asylum::process {

/// The home of `uid` in the container's own /etc/passwd, as runc. "/" if it says nothing or cannot
/// be read, whatever the reason: the file is the container's, and must not keep `exec` out. Opens
/// nothing but regular files.
std::string home_of(const sys::Rootfs& rootfs, std::uint32_t uid) noexcept;

}  // namespace asylum::process
