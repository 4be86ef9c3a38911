// SPDX-License-Identifier: Apache-2.0
// The Plan: what create will do, decided before anything is touched. Plain structs, no behaviour, a
// header a part: who needs a part includes that one, so that an edit of it is not everybody's.
// Everything carries the JSON pointer it comes from; "" means a default of ours.
// process/ and cgroup/ see these structs and never the Spec, so what explain prints is what runs.
#pragma once

#include "runtime/plan/types/cgroup.h"
#include "runtime/plan/types/hooks.h"
#include "runtime/plan/types/namespaces.h"
#include "runtime/plan/types/process.h"
#include "runtime/plan/types/root.h"
#include "runtime/plan/types/seccomp.h"

namespace asylum::plan {

struct Plan : NamespacePlan, RootPlan, ProcessPlan, SeccompPlan, CgroupPlan, HookPlan {};

}  // namespace asylum::plan
