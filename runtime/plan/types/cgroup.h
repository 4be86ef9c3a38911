// SPDX-License-Identifier: Apache-2.0
// The plan's part about the cgroup.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/oci_words.h"

namespace asylum::plan {

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

struct Cgroup {
  CgroupManager manager = CgroupManager::cgroupfs;
  std::string mount_point;  // of cgroup2
  std::string path;         // below it: "/asylum/web1"
  // To be enabled in every ancestor's cgroup.subtree_control; of those that no write needs, where
  // that can be done.
  std::vector<std::string> controllers;
  std::vector<ControlWrite> writes;  // in the order they must happen
  std::optional<DeviceFilter> device_filter;
  bool delegate =
      false;  // chown to the container's root (cgroup namespace and writable cgroup mount)
  std::string pointer;  // "/linux/cgroupsPath", or "" when chosen by us
};

struct CgroupPlan {
  Cgroup cgroup;
};

}  // namespace asylum::plan
