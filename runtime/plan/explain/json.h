// SPDX-License-Identifier: Apache-2.0
// The same as one JSON object, for programs.
#pragma once

#include <string>

#include "runtime/plan/make_plan.h"

namespace asylum::plan {

/// One JSON object with a newline at the end; its keys are stable. `facts` can be given back with
/// `--facts FILE`; `mounts` can be compared with /proc/self/mountinfo inside the container:
/// destination, type, source, attributes.
std::string explain_json(const Planning& planning, const HostFacts& facts);

}  // namespace asylum::plan
