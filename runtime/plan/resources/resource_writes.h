// SPDX-License-Identifier: Apache-2.0
// linux.resources → the writes into a cgroup's control files, in the order they must happen. update
// uses it too.
#pragma once

#include <string>
#include <vector>

#include "runtime/plan/types/cgroup.h"
#include "runtime/plan/types/findings.h"

namespace asylum::spec {
struct Resources;
}

namespace asylum::plan {

/// A fresh cgroup has the kernel's defaults: writes that would change nothing are left out.
enum class CgroupAge : std::uint8_t { fresh, existing };

/// `pointer` is where the resources are, "/linux/resources". What cgroup2 has no file for is warned
/// of by name, or an error where leaving it out would free the process of a limit. Source:
/// runtime-spec config-linux.md#control-groups, config-linux.md#unified.
std::vector<ControlWrite> resource_writes(const spec::Resources& resources,
                                          const std::string& pointer, CgroupAge age,
                                          Findings& findings);

}  // namespace asylum::plan
