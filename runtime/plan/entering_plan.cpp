// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/entering_plan.h"

#include "runtime/base/text.h"
#include "runtime/plan/cgroup_plan.h"
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
namespace {

/// The container that is entered: its namespaces, ids, root and the state that others are told.
Plan plan_container(const spec::Spec& spec, const HostFacts& facts, const Request& request) {
  Plan plan;
  Findings settled;
  plan_namespaces(spec, facts, plan, settled);
  plan_id_maps(spec, facts, plan, settled);
  plan_root(spec, request, plan);
  plan_state(spec, request, plan);
  return plan;
}

Plan plan_own_mounts(const spec::Spec& spec, const HostFacts& facts, const Request& request) {
  Plan plan = plan_container(spec, facts, request);
  if (plan.root.is != RootIs::borrowed) return plan;
  throw Error(ErrorKind::unsupported, "the container has no mount namespace of its own");
}

}  // namespace

Planning plan_exec(const spec::Spec& spec, const HostFacts& facts, const Request& request) {
  Planning out;
  Findings findings;
  out.plan = plan_container(spec, facts, request);
  out.plan.new_session_keyring = !request.no_new_keyring;
  out.plan.session_keyring = request.keyring;
  plan_process(spec, facts, request, out.plan, findings);
  out.plan.seccomp = plan_seccomp(spec);
  refuse_not_yet_of_process(spec, request, out.plan, findings);
  out.findings = findings.take();
  return out;
}

Planning plan_added_mounts(const spec::Spec& spec, const HostFacts& facts, const Request& request) {
  Planning out;
  Findings findings, settled;
  out.plan = plan_own_mounts(spec, facts, request);
  plan_mounts(spec, facts, request, out.plan, findings);
  plan_cgroup(spec, facts, request, out.plan, settled);  // a mount may be of it
  out.findings = findings.take();
  return out;
}

Planning plan_removed_mounts(const spec::Spec& spec, const std::vector<spec::Mount>& mounts,
                             const HostFacts& facts, const Request& request) {
  Planning out;
  out.plan = plan_own_mounts(spec, facts, request);
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    Mount& mount = out.plan.mounts.emplace_back();
    mount.destination = clean_path(mounts[i].destination);
    mount.pointer = cat("/mounts/", i);
  }
  return out;
}

}  // namespace asylum::plan
