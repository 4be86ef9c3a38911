// SPDX-License-Identifier: Apache-2.0
// /process → plan::Process: program, environment, limits, scheduling; who it is comes from
// identity_plan.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "runtime/plan/types/findings.h"
#include "runtime/plan/types/host_facts.h"
#include "runtime/plan/types/request.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

struct Plan;

/// Fills process. Needs plan.namespaces and plan.id_maps. Source: runtime-spec config.md#process.
void plan_process(const spec::Spec& spec, const HostFacts& facts, const Request& request,
                  Plan& plan, Findings& findings);

/// "0-3,7" → 0 1 2 3 7. Empty for a text that is no such list or has a number over 65535 (validate
/// says so).
std::vector<std::uint32_t> parse_number_list(std::string_view text);

}  // namespace asylum::plan
