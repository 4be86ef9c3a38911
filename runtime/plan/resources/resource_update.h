// SPDX-License-Identifier: Apache-2.0
// What `update` writes: the new resources over those that the container has. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/plan/types/cgroup.h"
#include "runtime/plan/types/findings.h"
#include "spec/resources.h"

namespace asylum::plan {

/// `change` over `old`: what it names replaces, what it leaves out stays. Throttles and weights
/// replace device by device, huge pages size by size, unified files file by file, device rules all
/// together. No limit of memory means none of memory and swap either, unless that is said. Source:
/// runc-update(8).
spec::Resources merge_resources(const spec::Resources& old, const spec::Resources& change);

struct ResourceUpdate {
  spec::Resources merged;            // to be kept; a unified file that the change replaces is gone
  std::vector<ControlWrite> writes;  // every file of each property that the change names
};

/// Pointers are those of the change alone, "/memory/limit"; findings too, and what is wrong with
/// the merged resources (swap below memory) where only both together are wrong.
ResourceUpdate plan_update(const spec::Resources& old, const spec::Resources& change,
                           Findings& findings);

/// The texts that put a file back which says `before`, in the order they are to be written. Limits
/// by device that were not there are taken away.
std::vector<std::string> restoring_texts(const ControlWrite& write, std::string_view before);

/// What the file says instead, where `after`, its text after the write, does not mean the same as
/// what was written; "" if it does. Lists of CPUs are compared as sets.
std::string difference(const ControlWrite& write, std::string_view after);

}  // namespace asylum::plan
