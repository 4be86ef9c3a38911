// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/make_plan.h"

#include "runtime/plan/cgroup_plan.h"
#include "runtime/plan/device_plan.h"
#include "runtime/plan/hook_plan.h"
#include "runtime/plan/id_map_plan.h"
#include "runtime/plan/mount_plan.h"
#include "runtime/plan/namespace_plan.h"
#include "runtime/plan/not_yet.h"
#include "runtime/plan/process_plan.h"
#include "runtime/plan/root_plan.h"
#include "runtime/plan/seccomp_plan.h"
#include "runtime/plan/types/findings.h"
#include "runtime/plan/types/plan.h"
#include "spec/spec.h"

namespace asylum::plan {

Planning make_plan(const spec::Spec& spec, const HostFacts& facts, const Request& request) {
  Planning out;
  Findings findings;
  Plan& plan = out.plan;
  // Each part may look at what the parts before it have filled.
  plan_namespaces(spec, facts, plan, findings);
  plan_id_maps(spec, facts, plan, findings);
  plan_root(spec, request, plan);
  plan_mounts(spec, facts, request, plan, findings);
  plan_devices(spec, facts, plan, findings);
  plan_restrictions(spec, plan);
  plan.new_session_keyring = !request.no_new_keyring;
  plan.session_keyring = request.keyring;
  plan_process(spec, facts, request, plan, findings);
  plan.seccomp = plan_seccomp(spec);
  plan_cgroup(spec, facts, request, plan, findings);
  plan_hooks(spec, plan);
  plan_state(spec, request, plan);
  refuse_not_yet(spec, request, plan, findings);
  out.findings = findings.take();
  return out;
}

}  // namespace asylum::plan
