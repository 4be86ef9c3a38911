// SPDX-License-Identifier: Apache-2.0
// Spec + HostFacts → Plan. Pure: no system call.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/plan/types/host_facts.h"
#include "runtime/plan/types/plan.h"
#include "runtime/plan/types/request.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

struct Planning {
  Plan plan;  // complete only if no finding is an error
  std::vector<Finding>
      findings;  // all of them; a property that is read but not acted on is an error naming it
};

Planning make_plan(const spec::Spec& spec, const HostFacts& facts, const Request& request);

}  // namespace asylum::plan
