// SPDX-License-Identifier: Apache-2.0
// Directories of the cgroup2 tree above a container's own: made when missing, given controllers,
// removed again when the last container below is gone.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/cgroup/driver.h"
#include "runtime/sys/fd.h"

namespace asylum::cgroup {

/// The root of the cgroup2 mount. Throws ErrorKind::unsupported if something else is there.
sys::Fd open_root(const std::string& mount_point);

/// "/a/b" → {"/a", "/a/b"}. Pure.
std::vector<std::string> prefixes_of(std::string_view path);

/// A made leaf with those of its ancestors that were missing.
struct MadeTree {
  sys::Fd leaf;
  Directory directory;
  std::vector<Directory> ancestors;
};

/// Makes `path` below `root`: the leaf exclusively, missing ancestors as found. Tells the witness
/// before and after. Throws ErrorKind::already_exists for the leaf.
MadeTree make_tree(int root, const std::string& path, const Witness& witness);

/// Whose files these are.
std::vector<std::string> controllers_of(std::span<const plan::ControlWrite> writes);

/// Enables `controllers` in cgroup.subtree_control of every ancestor of `path` that lacks them.
/// Those that are not `needed` stay away where they are refused. EBUSY is told as what it is, the
/// rule that a cgroup with processes has no controllers to give.
void enable_controllers(int root, const std::string& path, std::span<const std::string> controllers,
                        std::span<const std::string> needed, const std::string& pointer);

/// rmdir of the ancestors of `path`, innermost first, as long as they are ours (recorded, or marked
/// by make_tree of another container of ours) and empty.
void remove_ancestors(int root, const std::string& path, std::span<const Directory> recorded);

}  // namespace asylum::cgroup
