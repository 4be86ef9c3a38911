// SPDX-License-Identifier: Apache-2.0
// A plan in words: what create would do, in the order in which it happens, each line with the
// pointer it comes from.
#pragma once

#include <string>

#include "runtime/plan/make_plan.h"

namespace asylum::plan {

/// Lines for people. The first says whose facts were used: host, uid, user namespace. Findings come
/// last.
std::string explain_text(const Planning& planning, const HostFacts& facts);

/// One JSON object with a newline at the end; its keys are stable. `facts` can be given back with
/// `--facts FILE`; `mounts` can be compared with /proc/self/mountinfo inside the container:
/// destination, type, source, attributes.
std::string explain_json(const Planning& planning, const HostFacts& facts);

}  // namespace asylum::plan
