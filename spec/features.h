// SPDX-License-Identifier: Apache-2.0
// The features structure: what the runtime tells its callers that it can do. Source: runtime-spec
// features.md, features-linux.md.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "spec/types.h"

namespace asylum::spec {

struct SeccompFeatures {
  bool enabled = false;
  std::vector<std::string> archs;
  std::vector<std::string> supported_flags;  // by this kernel; the words of the config are known
};

struct Features {
  SeccompFeatures seccomp;
  bool cgroup_v2 = true;
  bool cgroup_rdma = true;
  bool systemd_cgroup = false;
  bool apparmor = false;
  bool selinux = false;
  bool intel_rdt = false;
  bool idmapped_mounts = false;
  bool net_devices = false;
  bool memory_policy = false;
  std::vector<KeyValue> annotations;
};

/// Words that the spec's own tables have (mount options, capabilities, hooks, actions...) are
/// added. Indented by four blanks as runc's, without a newline at the end. Pure.
std::string write_features(const Features& features);

}  // namespace asylum::spec
