// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/entering_plan.h"

#include <algorithm>

#include "runtime/plan/types/plan.h"
#include "tests/base/thrown_by.h"
#include "tests/plan/support.h"

namespace asylum::plan::test {
namespace {

using spec::Spec;

/// A container whose every part has something to plan, and something to find fault with.
Spec full() {
  return changed([](Spec& s) {
    s.linux.resources.network.class_id = 1;
    s.linux.intel_rdt.emplace();
    s.linux.seccomp.emplace();
    s.hooks.poststart.emplace_back().path = "/bin/true";
    s.annotations.push_back({"key", "value"});
  });
}

bool has_hooks(const Plan& plan) {
  return std::any_of(plan.hooks.begin(), plan.hooks.end(),
                     [](const auto& stage) { return !stage.empty(); });
}

TEST(PlanExec, IsTheProcessInTheNamespacesOfTheContainerAndNothingElseOfIt) {
  const Request request{.id = "web1", .bundle = "/bundle", .keyring = "_ses.web1"};
  const Plan whole = make_plan(full(), unified_host(), request).plan;
  const Planning entering = plan_exec(full(), unified_host(), request);
  const Plan& plan = entering.plan;
  EXPECT_EQ(plan.namespaces.size(), whole.namespaces.size());
  EXPECT_EQ(plan.process.args, whole.process.args);
  EXPECT_EQ(plan.process.env, whole.process.env);
  EXPECT_EQ(plan.session_keyring, "_ses.web1");
  EXPECT_TRUE(plan.seccomp);
  EXPECT_EQ(plan.state.annotations, whole.state.annotations);
  EXPECT_TRUE(has_hooks(whole));
  EXPECT_FALSE(has_hooks(plan));
  EXPECT_TRUE(plan.mounts.empty() && plan.devices.empty() && plan.links.empty());
  EXPECT_TRUE(plan.masked_paths.empty() && plan.sysctls.empty() && plan.cgroup.writes.empty());
}

TEST(PlanExec, FindsFaultWithTheProcessOnly) {
  EXPECT_EQ(plan_exec(full(), unified_host(), {}).findings.size(), 0U);
  Spec spec = full();
  spec.process->apparmor_profile = "x";
  const Planning planning = plan_exec(spec, unified_host(), {});
  EXPECT_NE(error_at(planning, "/process/apparmorProfile"), "");
  EXPECT_EQ(planning.findings.size(), 1U);
}

TEST(PlanMounts, AreMadeByNoProgram) {
  const Planning planning = plan_added_mounts(full(), unified_host(), {});
  EXPECT_EQ(planning.findings.size(), 0U);
  EXPECT_EQ(planning.plan.mounts.size(), full().mounts.size());
  EXPECT_TRUE(planning.plan.process.args.empty());
  EXPECT_FALSE(planning.plan.seccomp);
  EXPECT_FALSE(has_hooks(planning.plan));
}

TEST(PlanMounts, AreTakenAwayByTheirDestinations) {
  spec::Mount mount;
  mount.destination = "/tmp//data/";
  const Planning planning = plan_removed_mounts(full(), {mount, mount}, unified_host(), {});
  ASSERT_EQ(planning.plan.mounts.size(), 2U);
  EXPECT_EQ(planning.plan.mounts[1].destination, "/tmp/data");
  EXPECT_EQ(planning.plan.mounts[1].pointer, "/mounts/1");
}

TEST(PlanMounts, NeedAMountNamespaceOfTheContainer) {
  const Spec bare = changed([](Spec& s) {
    std::erase_if(s.linux.namespaces,
                  [](const auto& one) { return one.type == NamespaceType::mount; });
  });
  EXPECT_EQ(thrown_by([&] { plan_added_mounts(bare, unified_host(), {}); }).kind,
            ErrorKind::unsupported);
  EXPECT_EQ(thrown_by([&] { plan_removed_mounts(bare, {}, unified_host(), {}); }).kind,
            ErrorKind::unsupported);
}

}  // namespace
}  // namespace asylum::plan::test
