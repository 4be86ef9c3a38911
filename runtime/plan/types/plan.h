// SPDX-License-Identifier: Apache-2.0
// The Plan: what create will do, decided before anything is touched. Plain structs, no behaviour.
// Everything carries the JSON pointer it comes from; "" means a default of ours.
// process/ and cgroup/ see these structs and never the Spec, so what explain prints is what runs.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/plan/types/host_facts.h"

namespace asylum::plan {

// ---- namespaces -------------------------------------------------------------------------------

enum class NamespaceType : std::uint8_t { user, mount, pid, network, ipc, uts, cgroup, time };

struct Namespace {
  NamespaceType type{};
  std::string path;  // "" = make a new one; else join this file
  std::string pointer;
  // What of the config writes into it, by pointer: not allowed where it is the host's own.
  std::vector<std::string> written_by;
};

struct TimeOffset {
  std::string clock;  // "monotonic" or "boottime"
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
  std::string pointer;
};

/// Maps for a user namespace that is new. Written by main, directly or through newuidmap/newgidmap.
struct IdMaps {
  std::vector<IdMapping> uids;
  std::vector<IdMapping> gids;
  bool deny_setgroups = false;   // an unprivileged writer must, user_namespaces(7)
  bool through_helpers = false;  // newuidmap and newgidmap
  std::string pointer;
};

// ---- root file system -------------------------------------------------------------------------

enum class Propagation : std::uint8_t { private_, slave, shared, unbindable };

struct PropagationChange {
  Propagation to{};
  bool recursive = false;
};

/// Mount attributes as mount_setattr(2) takes them (MOUNT_ATTR_* bits; sys/mount/mount.cpp asserts the
/// values).
struct AttributeChange {
  std::uint64_t set = 0;
  std::uint64_t clear = 0;
  bool empty() const { return set == 0 && clear == 0; }
};

namespace attribute {  // MOUNT_ATTR_*, linux/mount.h (no kernel header here: plan is pure)
inline constexpr std::uint64_t rdonly = 0x1, nosuid = 0x2, nodev = 0x4, noexec = 0x8;
inline constexpr std::uint64_t atime_mask = 0x70, relatime = 0x0, noatime = 0x10,
                               strictatime = 0x20;
inline constexpr std::uint64_t nodiratime = 0x80, nosymfollow = 0x200000;
}  // namespace attribute

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

struct Sysctl {
  std::string name;  // "net.ipv4.ip_forward"
  std::string value;
  std::string pointer;
};

// ---- process ----------------------------------------------------------------------------------

/// Bit n is capability n.
struct CapabilitySets {
  std::uint64_t bounding = 0, effective = 0, permitted = 0, inheritable = 0, ambient = 0;
};

/// Who the program is. exec uses the same steps.
struct Identity {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::vector<std::uint32_t> additional_gids;
  bool set_groups = true;  // false where setgroups is denied to us and none are asked for
  CapabilitySets capabilities;
  bool has_capabilities = false;  // /process/capabilities is there; else all sets become empty
  bool no_new_privileges = false;
  std::string apparmor_profile;
  std::string selinux_label;
};

struct ResourceLimit {
  std::uint32_t resource = 0;  // RLIMIT_*
  std::string name;            // "RLIMIT_NOFILE"
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;
  std::string pointer;
};

struct Scheduler {
  std::uint32_t policy = 0;  // SCHED_*
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0, deadline_ns = 0, period_ns = 0;
};

struct IoPriority {
  std::uint32_t io_class = 0;  // IOPRIO_CLASS_*
  std::uint32_t level = 0;
};

struct MemoryPolicy {
  std::uint32_t mode_and_flags = 0;  // MPOL_*
  std::vector<std::uint32_t> nodes;
};

struct Process {
  std::vector<std::string> args;
  std::vector<std::string>
      env;  // final, "KEY=value", last of a key wins; HOME is added by init if absent
  std::string cwd = "/";
  Identity identity;
  std::uint32_t umask = 0022;
  std::vector<ResourceLimit> limits;
  std::optional<std::int32_t> oom_score_adj;
  bool terminal = false;
  bool detached = false;  // the command does not wait for it: files it writes to become the user's
  std::uint16_t console_rows = 0, console_columns = 0;  // 0 = not said
  std::optional<Scheduler> scheduler;
  std::optional<IoPriority> io_priority;
  std::optional<MemoryPolicy> memory_policy;
  std::optional<std::uint64_t> personality;                               // PER_* value
  std::vector<std::uint32_t> exec_affinity_initial, exec_affinity_final;  // cpus; exec only
  std::uint32_t listen_fds = 0;  // the first of those: the program is told its pid (LISTEN_PID)
  std::uint32_t preserved_fds =
      0;  // descriptors 3 .. 3+n-1 stay open (LISTEN_FDS and --preserve-fds)
};

// ---- seccomp ----------------------------------------------------------------------------------

struct SeccompArg {
  std::uint32_t index = 0;
  std::uint64_t value = 0, value_two = 0;
  std::string op;  // "SCMP_CMP_EQ"
};

struct SeccompRule {
  std::vector<std::string> names;
  std::string action;  // "SCMP_ACT_ERRNO"
  std::optional<std::uint32_t> errno_ret;
  std::vector<SeccompArg> args;
  std::string pointer;
};

struct Seccomp {
  std::string default_action;
  std::optional<std::uint32_t> default_errno_ret;
  std::vector<std::string> architectures;  // "SCMP_ARCH_X86_64"
  std::vector<std::string> flags;          // "SECCOMP_FILTER_FLAG_LOG"
  std::vector<SeccompRule> rules;
  std::string listener_path, listener_metadata;
  std::string pointer;
};

// ---- host side --------------------------------------------------------------------------------

/// One write of one control file. Values differ from what a new cgroup has.
struct ControlWrite {
  std::string file;        // "memory.max"
  std::string value;       // "268435456"
  std::string controller;  // "memory"; "" for the cgroup.* files
  std::string pointer;
  bool may_be_missing =
      false;  // ENOENT is success: hugetlb.*.rsvd.max, memory.swap.max of "0" or "max"
  std::string
      instead_file;  // where `file` does not exist (io.bfq.weight), write this one (io.weight)
  std::string instead_value;
};

/// One instruction of a BPF_PROG_TYPE_CGROUP_DEVICE program, as struct bpf_insn packs it.
using BpfInstruction = std::uint64_t;

struct DeviceFilter {
  std::vector<BpfInstruction> program;
  std::string pointer;
};

enum class CgroupManager : std::uint8_t { cgroupfs, systemd, disabled };

struct Cgroup {
  CgroupManager manager = CgroupManager::cgroupfs;
  std::string mount_point;               // of cgroup2
  std::string path;                      // below it: "/asylum/web1"
  std::vector<std::string> controllers;  // to be enabled in every ancestor's cgroup.subtree_control
  std::vector<ControlWrite> writes;      // in the order they must happen
  std::optional<DeviceFilter> device_filter;
  bool delegate =
      false;  // chown to the container's root (cgroup namespace and writable cgroup mount)
  std::string pointer;  // "/linux/cgroupsPath", or "" when chosen by us
};

enum class HookStage : std::uint8_t {
  prestart,
  create_runtime,
  create_container,
  start_container,
  poststart,
  poststop
};
inline constexpr std::size_t kHookStages = 6;

struct Hook {
  std::string path;
  std::vector<std::string> args;  // argv; {path} when the config has none
  std::optional<std::vector<std::string>> env;
  std::optional<std::uint32_t> timeout_s;
  std::string pointer;  // "/hooks/createRuntime/0"
};

/// What hooks get on stdin, but for pid and status. Source: runtime-spec runtime.md#state.
struct StateSeed {
  std::string oci_version;
  std::string id;
  std::string bundle;
  std::vector<std::pair<std::string, std::string>> annotations;
};

struct Plan {
  StateSeed state;
  std::vector<Namespace> namespaces;
  std::vector<TimeOffset> time_offsets;
  std::optional<IdMaps> id_maps;
  Root root;
  std::vector<Mount> mounts;  // in the config's order
  bool own_dev = false;       // a new file system of the config's is on /dev: it is ours to furnish
  std::vector<DeviceNode> devices;  // defaults, then the config's
  std::vector<Symlink> links;       // /dev/fd, /dev/stdin..., /dev/ptmx
  std::vector<PathItem> readonly_paths;
  std::vector<PathItem> masked_paths;
  std::vector<Sysctl> sysctls;
  std::optional<std::string> hostname, domainname;
  bool loopback_up = false;  // a new network namespace
  bool new_session_keyring = true;
  std::string session_keyring;  // its name; "" = without one
  Process process;
  std::optional<Seccomp> seccomp;
  Cgroup cgroup;
  std::array<std::vector<Hook>, kHookStages> hooks;

  const std::vector<Hook>& hooks_of(HookStage stage) const {
    return hooks[static_cast<std::size_t>(stage)];
  }
};

}  // namespace asylum::plan
