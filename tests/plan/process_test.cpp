// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/process_plan.h"

#include "runtime/plan/identity_plan.h"
#include "runtime/plan/types/plan.h"
#include "tests/base/growth.h"
#include "tests/plan/support.h"

namespace asylum::plan::test {
namespace {

using spec::Spec;
using Texts = std::vector<std::string>;

template <typename Change>
Planning plan_process_of(Change&& change, const HostFacts& facts = unified_host()) {
  return plan_for(changed([&](Spec& s) { change(*s.process); }), facts);
}

TEST(PlanEnv, TheLastOfAKeyWins) {
  const Planning planning = plan_process_of([](spec::Process& p) {
    p.env = {"A=1", "B=2", "A=3", "AB=4", "C="};
  });
  EXPECT_EQ(planning.plan.process.env, (Texts{"B=2", "A=3", "AB=4", "C="}));
}

// Kubernetes' service links make tens of thousands of them.
TEST(PlanEnv, CostsTheSameForEachVariable) {
  EXPECT_LT(growth(3000,
                   [](std::size_t count) {
                     const auto planning = plan_process_of([count](spec::Process& p) {
                       for (std::size_t i = 0; i < count; ++i) p.env.push_back(cat("KEY", i, "=v"));
                     });
                     EXPECT_GE(planning.plan.process.env.size(), count);
                   }),
            kQuadratic);
}

TEST(PlanEnv, PassesSocketsOn) {
  Request with_sockets = request();
  with_sockets.listen_fds = 2;
  with_sockets.preserve_fds = 1;
  const auto spec = changed([](Spec& s) {
    s.process->env = {"LISTEN_PID=77", "A=1", "LISTEN_FDS=9"};
  });
  const Process process = make_plan(spec, unified_host(), with_sockets).plan.process;
  EXPECT_EQ(process.env, (Texts{"A=1", "LISTEN_FDS=2"}));
  EXPECT_EQ(process.listen_fds, 2U);
  EXPECT_EQ(process.preserved_fds, 3U);
}

// As runc: the directory of the socket is a mount after all others, read-only.
TEST(PlanEnv, ASocketForNotifications) {
  Request with_manager = request();
  with_manager.notify_directory = "/run/x/c1/notify";
  const auto spec = changed([](Spec& s) { s.process->env = {"NOTIFY_SOCKET=/elsewhere"}; });
  const Plan plan = make_plan(spec, unified_host(), with_manager).plan;
  EXPECT_EQ(plan.process.env, (Texts{"NOTIFY_SOCKET=/run/notify/notify.sock"}));
  const Mount& last = plan.mounts.back();
  EXPECT_EQ(last.kind, MountKind::bind);
  EXPECT_EQ(last.destination, "/run/notify");
  EXPECT_EQ(last.source, "/run/x/c1/notify");
  EXPECT_NE(last.attributes.set & attribute::rdonly, 0U);
}

TEST(PlanCapabilities, AreBits) {
  const Planning planning = plan_for(spec::default_spec());
  const CapabilitySets& sets = planning.plan.process.identity.capabilities;
  EXPECT_EQ(sets.bounding, (1ULL << 29) | (1ULL << 5) | (1ULL << 10));
  EXPECT_EQ(sets.effective, sets.bounding);
  EXPECT_EQ(sets.permitted, sets.bounding);
  EXPECT_EQ(sets.inheritable, 0U);
  EXPECT_EQ(sets.ambient, 0U);
  EXPECT_TRUE(planning.plan.process.identity.has_capabilities);
}

TEST(PlanCapabilities, OneThatCannotBeHadIsNamedAndLeftOut) {
  HostFacts facts = unified_host();
  facts.last_capability = 37;
  facts.bounding_capabilities = ~(1ULL << 5);
  const Planning planning = plan_process_of(
      [](spec::Process& p) {
        p.capabilities.emplace();
        p.capabilities->bounding = {"CAP_KILL", "CAP_BPF", "CAP_CHOWN"};
      },
      facts);
  EXPECT_EQ(errors_of(planning), "");
  EXPECT_EQ(planning.plan.process.identity.capabilities.bounding, 1U);
  EXPECT_EQ(warning_at(planning, "/process/capabilities/bounding/0"),
            "CAP_KILL is not in our own bounding set, the process runs without it");
  EXPECT_EQ(warning_at(planning, "/process/capabilities/bounding/1"),
            "CAP_BPF is not known to this kernel, the process runs without it");
}

TEST(PlanCapabilities, ANewUserNamespaceHasThemAll) {
  HostFacts facts = rootless_host();
  facts.bounding_capabilities = 0;
  const Planning planning = plan_for(spec::default_spec(spec::RootlessOwner{1000, 1000}), facts);
  EXPECT_NE(planning.plan.process.identity.capabilities.bounding, 0U);
}

TEST(PlanCapabilities, KeepTheKernelsRelations) {
  const Planning planning = plan_process_of([](spec::Process& p) {
    p.capabilities.emplace();
    p.capabilities->bounding = {"CAP_KILL"};
    p.capabilities->permitted = {"CAP_KILL"};
    p.capabilities->effective = {"CAP_KILL", "CAP_CHOWN"};
    p.capabilities->inheritable = {"CAP_CHOWN"};
    p.capabilities->ambient = {"CAP_KILL"};
  });
  const CapabilitySets& sets = planning.plan.process.identity.capabilities;
  EXPECT_EQ(capability_words(sets.effective), "CAP_KILL");
  EXPECT_EQ(sets.inheritable, 0U) << "nothing becomes inheritable beyond the bounding set";
  EXPECT_EQ(sets.ambient, 0U) << "ambient needs inheritable, which the config does not give";
  EXPECT_NE(warning_at(planning, "/process/capabilities/inheritable"), "");
}

TEST(PlanIdentity, IdsMustBeMapped) {
  const auto spec = changed([](Spec& s) {
    s.linux.namespaces.push_back({NamespaceType::user, {}, {}});
    s.linux.uid_mappings = s.linux.gid_mappings = {{0, 100000, 10, {}}};
    s.process->user.uid = 9;
    s.process->user.gid = 10;
    s.process->user.additional_gids = {3, 4294967295};
  });
  const Planning planning = plan_for(spec);
  EXPECT_EQ(error_at(planning, "/process/user/uid"), "");
  EXPECT_NE(error_at(planning, "/process/user/gid"), "");
  EXPECT_EQ(error_at(planning, "/process/user/additionalGids/0"), "");
  EXPECT_NE(error_at(planning, "/process/user/additionalGids/1"), "");
}

TEST(PlanIdentity, NoGroupsWhereTheyAreDenied) {
  Spec spec = spec::default_spec(spec::RootlessOwner{1000, 1000});
  spec.process->user.additional_gids = {0};
  EXPECT_NE(error_at(plan_for(spec, rootless_host()), "/process/user/additionalGids"), "");
}

TEST(PlanProcess, HasTheDefaultUmaskAndNoOomScore) {
  const Process process = plan_for(spec::default_spec()).plan.process;
  EXPECT_EQ(process.umask, 0022U);
  EXPECT_FALSE(process.oom_score_adj);
  EXPECT_EQ(process.args, Texts{"sh"});
  ASSERT_EQ(process.limits.size(), 1U);
  EXPECT_EQ(process.limits[0].resource, 7U) << "RLIMIT_NOFILE";
  EXPECT_EQ(process.limits[0].pointer, "/process/rlimits/0");
}

TEST(PlanProcess, TakesSchedulingAndConsole) {
  const Process process =
      plan_process_of([](spec::Process& p) {
        p.console_size = spec::ConsoleSize{40, 132, {}};
        p.scheduler.emplace();
        p.scheduler->policy = spec::SchedulerPolicy::deadline;
        p.scheduler->flags = {spec::SchedulerFlag::reset_on_fork, spec::SchedulerFlag::reclaim};
        p.scheduler->runtime_ns = 1000;
        p.io_priority = spec::IoPriority{spec::IoPriorityClass::idle, 7, {}};
      }).plan.process;
  EXPECT_EQ(process.console_rows, 40);
  EXPECT_EQ(process.console_columns, 132);
  EXPECT_EQ(process.scheduler->policy, 6U);
  EXPECT_EQ(process.scheduler->flags, 3U);
  EXPECT_EQ(process.scheduler->runtime_ns, 1000U);
  EXPECT_EQ(process.io_priority->io_class, 3U);
  EXPECT_EQ(process.io_priority->level, 7U);
}

TEST(NumberList, ReadsRanges) {
  EXPECT_EQ(parse_number_list("0-2,7, 5"), (std::vector<std::uint32_t>{0, 1, 2, 5, 7}));
  for (const char* bad : {"", "3-1", "a", "1,,2", "1-", "-1", "0-4294967295", "0-65536"}) {
    EXPECT_TRUE(parse_number_list(bad).empty()) << bad;
  }
}

TEST(PlanHooks, HaveTheirOwnArguments) {
  const Planning planning = plan_for(changed([](Spec& s) {
    s.hooks.prestart = {{"/bin/a", {}, std::nullopt, std::nullopt, {}}};
    s.hooks.poststop = {{"/bin/b", {"b", "-x"}, Texts{"K=V"}, 5, {}}};
    s.annotations = {{"k", "v"}};
  }));
  const Hook& a = planning.plan.hooks_of(HookStage::prestart).at(0);
  EXPECT_EQ(a.args, Texts{"/bin/a"});
  EXPECT_FALSE(a.env);
  EXPECT_FALSE(a.timeout_s);
  EXPECT_EQ(a.pointer, "/hooks/prestart/0");
  const Hook& b = planning.plan.hooks_of(HookStage::poststop).at(0);
  EXPECT_EQ(b.args, (Texts{"b", "-x"}));
  EXPECT_EQ(b.env, Texts{"K=V"});
  EXPECT_EQ(b.timeout_s, 5U);
  EXPECT_EQ(planning.plan.state.id, "web1");
  EXPECT_EQ(planning.plan.state.annotations.at(0).second, "v");
}

}  // namespace
}  // namespace asylum::plan::test
