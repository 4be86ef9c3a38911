// SPDX-License-Identifier: Apache-2.0
// The part of probe_host() about cgroups.
#pragma once

#include "runtime/plan/types/host_facts.h"

namespace asylum::container {

/// The part about cgroups: statfs of /sys/fs/cgroup, then .../unified, and the mount table only if
/// neither is cgroup2.
plan::CgroupFacts probe_cgroups();

}  // namespace asylum::container
