// SPDX-License-Identifier: Apache-2.0
// What the config may ask for, plan understands, and the executor does not do yet: each is an error
// that names it. One row a property; delete the row when the executor acts on it.
#pragma once

#include <cstdint>

#include "runtime/plan/types/findings.h"
#include "runtime/plan/types/request.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

struct Plan;

enum class NotYet : std::uint8_t {
  apparmor,
  selinux_process,
  selinux_mount,
  intel_rdt,
  net_devices,
  systemd_manager,
};

/// Needs the whole plan.
void refuse_not_yet(const spec::Spec& spec, const Request& request, const Plan& plan,
                    Findings& findings);

/// What /process asks for only: exec.
void refuse_not_yet_of_process(const spec::Spec& spec, const Request& request, const Plan& plan,
                               Findings& findings);

/// Whether it has a row: `features` must not promise what is refused.
bool is_refused(NotYet what);

}  // namespace asylum::plan
