// SPDX-License-Identifier: Apache-2.0
// /process → plan::Process: program, environment, limits, scheduling; who it is comes from
// identity_plan.
#pragma once

#include "runtime/plan/findings.h"
#include "runtime/plan/make_plan.h"
#include "runtime/plan/plan.h"

namespace asylum::plan {

/// Fills process. Needs plan.namespaces and plan.id_maps. Source: runtime-spec config.md#process.
void plan_process(const spec::Spec& spec, const HostFacts& facts, const Request& request,
                  Plan& plan, Findings& findings);

/// "0-3,7" → 0 1 2 3 7. A text that is no such list, or a number over 65535, is a finding at
/// `pointer`.
std::vector<std::uint32_t> parse_number_list(std::string_view text, const std::string& pointer,
                                             Findings& findings);

}  // namespace asylum::plan
