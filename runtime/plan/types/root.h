// SPDX-License-Identifier: Apache-2.0
// The plan's part about the root file system: mounts, devices, paths.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/oci_words.h"
#include "runtime/plan/types/id_mapping.h"

namespace asylum::plan {

/// Mount attributes as mount_setattr(2) takes them (attribute:: bits).
struct AttributeChange {
  std::uint64_t set = 0;
  std::uint64_t clear = 0;
  bool empty() const { return set == 0 && clear == 0; }
};

/// One parameter for fsconfig(2): a flag ("ro") when value is absent, else key=value.
struct FsParameter {
  std::string key;
  std::optional<std::string> value;
  std::string pointer;
};

enum class MountKind : std::uint8_t {
  filesystem,  // a new instance: fsopen, fsconfig, fsmount, move_mount
  bind,        // clone of a host path: open_tree, mount_setattr, move_mount
  remount,     // attributes (and superblock parameters) of what is already there
  cgroup,      // cgroup2 of the container's cgroup namespace, else a bind of its own cgroup
};

struct IdmapRequest {
  bool recursive = false;
  std::vector<IdMapping> uids;  // both empty: the container's own user namespace
  std::vector<IdMapping> gids;
};

/// One entry of /mounts, ready to be executed. `destination` is clean and absolute within the root.
struct Mount {
  MountKind kind{};
  std::string destination;
  std::string fs_type;           // filesystem: "tmpfs"
  std::string source;            // bind: absolute host path; filesystem: the "source" parameter
  bool recursive_bind = false;   // rbind
  bool source_nofollow = false;  // crun's src-nofollow, dest-nofollow, copy-symlink
  bool destination_nofollow = false;
  bool copy_symlink = false;
  AttributeChange attributes;            // of this mount
  AttributeChange recursive_attributes;  // rro, rnosuid...: of the whole tree
  std::vector<FsParameter>
      parameters;  // superblock: flags (ro, sync, dirsync, lazytime...) and data
  std::vector<PropagationChange> propagation;
  std::optional<IdmapRequest> idmap;
  // Of a recursive bind: mounts of the host's cgroups, relative to the source, to be read-only.
  std::vector<std::string> readonly_below;
  bool copy_up = false;        // tmpcopyup
  bool inherit_mode = false;   // tmpfs without mode=: keep the mode of an existing mount point
  bool readonly_last = false;  // attributes.set has rdonly, but it must wait until the copy-up, the
                               // device nodes and the links inside are made (tmpfs, /dev)
  std::string pointer;         // "/mounts/3"
};

struct DeviceNode {
  std::string path;  // "/dev/null", clean, within the root
  char type = 'c';   // c b p (u is c)
  std::uint32_t major = 0;
  std::uint32_t minor = 0;
  std::uint32_t mode = 0666;  // permission bits
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  bool bind_from_host = false;  // in a user namespace mknod is refused: bind the verified host node
  std::string pointer;
};

struct Symlink {
  std::string path;    // "/dev/fd"
  std::string target;  // "/proc/self/fd"
};

struct PathItem {
  std::string path;  // clean, absolute within the root
  std::string pointer;
};

/// Whose mounts the root and all below it are.
enum class RootIs : std::uint8_t {
  own,       // the container's: in a new mount namespace
  attached,  // built in a mount namespace for the purpose, then attached in the joined one
  borrowed,  // the host's, or the joined namespace's own root: entered, and nothing is mounted
};

struct Root {
  RootIs is = RootIs::own;
  std::string path;  // absolute host path; of the joined mount namespace when attached or borrowed
  std::vector<std::string> readonly_below;  // as of Mount: the root is bound recursively
  bool readonly = false;
  bool no_pivot = false;
  PropagationChange parent_propagation{Propagation::slave,
                                       true};  // of "/" in the new mount namespace, before mounting
  std::optional<PropagationChange> propagation;  // linux.rootfsPropagation, of the root at the end
  std::string pointer;
  std::string propagation_pointer;
  std::string mount_label;  // SELinux context for new file systems, or ""
};

struct RootPlan {
  Root root;
  std::vector<Mount> mounts;  // in the config's order
  bool own_dev = false;       // a new file system of the config's is on /dev: it is ours to furnish
  std::vector<DeviceNode> devices;  // defaults, then the config's
  std::vector<Symlink> links;       // /dev/fd, /dev/stdin..., /dev/ptmx
  std::vector<PathItem> readonly_paths;
  std::vector<PathItem> masked_paths;
};

}  // namespace asylum::plan
