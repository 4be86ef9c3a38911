// SPDX-License-Identifier: Apache-2.0
// What a plan may depend on of the host: a snapshot by value, probed once (container/probe_host) or
// read from
// `--facts FILE`. For choices, never for safety: each step still meets the kernel's own answer.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/plan/types/id_mapping.h"

namespace asylum::plan {

/// A controller that a v1 hierarchy holds, so that cgroup2 cannot have it.
struct LegacyController {
  std::string name;         // "memory"
  std::string mount_point;  // "/sys/fs/cgroup/memory"
};

struct CgroupFacts {
  std::string mount_point;  // "/sys/fs/cgroup" or ".../unified"; "" = no cgroup2 found
  std::string own_path;     // our own cgroup below it, "/user.slice/x"; "/" is the root
  std::vector<std::string>
      controllers;  // cgroup.controllers of the root of what we see: "memory", "pids"
  std::vector<LegacyController> legacy;  // those on v1
  bool may_make = true;                  // a cgroup beside our own; only probed when rootless
};

/// A range of /etc/subuid or /etc/subgid that newuidmap may give us.
struct SubordinateIds {
  std::uint32_t first = 0;
  std::uint32_t count = 0;
};

struct HostFacts {
  std::string host;  // the node's name, for the first line of explain
  std::uint32_t euid = 0;
  std::uint32_t egid = 0;
  bool initial_user_namespace = true;
  bool rootless = false;  // design §11: euid != 0, or a user namespace with USER other than root
  std::vector<IdMapping> uid_ranges;  // our own user namespace's map: which ids exist for us
  std::vector<IdMapping> gid_ranges;
  std::vector<SubordinateIds> subuids;  // only probed when the config needs them
  std::vector<SubordinateIds> subgids;
  bool has_newuidmap = false;
  CgroupFacts cgroup;
  std::uint32_t kernel_major = 5;
  std::uint32_t kernel_minor = 14;
  std::uint32_t last_capability = 40;           // /proc/sys/kernel/cap_last_cap
  std::uint64_t bounding_capabilities = ~0ULL;  // our own bounding set: what we can give at most
  std::uint64_t effective_capabilities = ~0ULL;
  bool apparmor = false;
  bool selinux = false;
  std::vector<std::uint32_t> architectures;  // AUDIT_ARCH_* that this kernel runs, native first
};

}  // namespace asylum::plan
