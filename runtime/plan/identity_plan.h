// SPDX-License-Identifier: Apache-2.0
// Who the program is: ids, groups, capabilities, labels. exec plans its process with the same
// function.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/plan/types/findings.h"
#include "runtime/plan/types/host_facts.h"
#include "runtime/plan/types/namespaces.h"
#include "runtime/plan/types/process.h"

namespace asylum::spec {
struct Process;
}

namespace asylum::plan {

/// Ids that the container's user namespace does not map are errors. A capability that cannot be had
/// is a warning naming it and is left out: the process then is less powerful than configured, never
/// more. Source: runtime-spec config.md#user, #linux-process; capabilities(7).
Identity plan_identity(const spec::Process& process, const HostFacts& facts,
                       const NamespacePlan& plan, Findings& findings);

/// "CAP_KILL", "CAP_SETPCAP"; a number where there is no name.
std::vector<std::string> capability_list(std::uint64_t set);
/// The same in one line.
std::string capability_words(std::uint64_t set);

}  // namespace asylum::plan
