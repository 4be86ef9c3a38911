// SPDX-License-Identifier: Apache-2.0
// Takes away what init attached in a mount namespace that outlives the container.
// Runs in: main, and a short-lived child of it.
#pragma once

#include <cstdint>
#include <string>

namespace asylum::process {

/// A container's root in a joined mount namespace.
struct AttachedRoot {
  std::string mount_namespace;     // path
  std::uint64_t namespace_id = 0;  // its inode: the path may lead to another one by now
  std::string path;                // of the root, in that namespace
  std::uint64_t mount_id = 0;      // statx(2) stx_mnt_id
};

/// Where the namespace was; nothing in it is touched yet. Throws if `path` cannot be looked at.
std::uint64_t namespace_id_of(const std::string& path);

/// Unmounts the root and all below it, if the namespace and the mount are still those. Throws what
/// the kernel refuses.
void detach_root(const AttachedRoot& attachment);

}  // namespace asylum::process
