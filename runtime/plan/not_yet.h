// SPDX-License-Identifier: Apache-2.0
// What the config may ask for, plan understands, and the executor does not do yet: each is an error
// that names it. One row a property; delete the row when the executor acts on it.
#pragma once

#include <string_view>

#include "runtime/plan/findings.h"
#include "runtime/plan/make_plan.h"
#include "runtime/plan/plan.h"

namespace asylum::plan {

/// Needs the whole plan.
void refuse_not_yet(const spec::Spec& spec, const Request& request, const Plan& plan,
                    Findings& findings);

/// Whether a row has this name, "a seccomp filter": `features` must not promise what is refused.
bool is_refused(std::string_view what);

}  // namespace asylum::plan
