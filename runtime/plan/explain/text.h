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

}  // namespace asylum::plan
