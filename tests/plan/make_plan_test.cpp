// SPDX-License-Identifier: Apache-2.0
// The whole: everything is said in one pass, and nothing that is not acted on passes in silence.
#include "runtime/plan/make_plan.h"
#include "runtime/plan/explain/json.h"

#include "runtime/plan/explain/host_facts_json.h"
#include "runtime/plan/explain/text.h"
#include "runtime/plan/types/root.h"
#include "runtime/plan/types/seccomp.h"
#include "tests/plan/support.h"

namespace asylum::plan::test {
namespace {

using spec::Spec;

TEST(MakePlan, SaysAllInOnePass) {
  const Planning planning = plan_for(changed([](Spec& s) {
                                       s.linux.resources.network.class_id = 1;
                                       s.linux.resources.memory.limit_bytes = 1 << 20;
                                       s.linux.intel_rdt.emplace();
                                       s.linux.cgroups_path = "/";
                                     }),
                                     hybrid_host());
  EXPECT_NE(error_at(planning, "/linux/resources/network/classID"), "");
  EXPECT_NE(error_at(planning, "/linux/resources/memory/limit"), "");
  EXPECT_NE(error_at(planning, "/linux/intelRdt"), "");
  EXPECT_NE(error_at(planning, "/linux/cgroupsPath"), "");
}

TEST(MakePlan, RunsTheDefaultConfigOnAHybridHost) {
  EXPECT_EQ(errors_of(plan_for(spec::default_spec(), hybrid_host())), "");
}

TEST(MakePlan, RunsTheRootlessConfig) {
  const auto rootless = spec::default_spec(spec::RootlessOwner{1000, 1000});
  EXPECT_EQ(errors_of(plan_for(rootless, rootless_host())), "");
}

struct NotYet {
  const char* pointer;
  void (*change)(Spec& spec);
};

class NotYetTest : public testing::TestWithParam<NotYet> {};

TEST_P(NotYetTest, IsAnErrorThatNamesTheProperty) {
  const Planning planning = plan_for(changed(GetParam().change));
  const std::string text = error_at(planning, GetParam().pointer);
  EXPECT_NE(text.find("is not supported by this version"), std::string::npos) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Properties, NotYetTest,
    testing::Values(
        NotYet{"/process/apparmorProfile", [](Spec& s) { s.process->apparmor_profile = "x"; }},
        NotYet{"/process/selinuxLabel", [](Spec& s) { s.process->selinux_label = "x"; }},
        NotYet{"/linux/mountLabel", [](Spec& s) { s.linux.mount_label = "x"; }},
        NotYet{"/linux/intelRdt", [](Spec& s) { s.linux.intel_rdt.emplace(); }},
        NotYet{"/linux/netDevices/eth~11", [](Spec& s) {
                 s.linux.net_devices = {{"eth/1", "", {}}};
               }}));

// The root of a container whose mount namespace is `path`, or the host's if that is null.
RootIs root_in(const char* path, const char* root = "rootfs") {
  return plan_for(changed([&](Spec& s) {
           s.root->path = root;
           std::erase_if(s.linux.namespaces,
                         [](const auto& one) { return one.type == NamespaceType::mount; });
           if (path != nullptr) {
             s.linux.namespaces.push_back({NamespaceType::mount, path, {}});
           }
         }))
      .plan.root.is;
}

TEST(Root, IsWhoseTheMountNamespaceIs) {
  EXPECT_EQ(root_in(""), RootIs::own);
  EXPECT_EQ(root_in("", "/"), RootIs::own);
  EXPECT_EQ(root_in("/proc/1/ns/mnt"), RootIs::attached);
  EXPECT_EQ(root_in("/proc/1/ns/mnt", "/"), RootIs::borrowed);
  EXPECT_EQ(root_in(nullptr), RootIs::borrowed);
}

TEST(MakePlan, RefusesTheSystemdManager) {
  Request systemd = request();
  systemd.cgroup_manager = CgroupManager::systemd;
  EXPECT_NE(errors_of(make_plan(spec::default_spec(), unified_host(), systemd)), "");
}

TEST(Seccomp, IsPlannedWithRuncsDefaultFlag) {
  const Planning planning = plan_for(changed([](Spec& s) {
    s.linux.seccomp.emplace();
    s.linux.seccomp->default_action = SeccompAction::errno_;
    s.linux.seccomp->architectures = {SeccompArch::x86_64};
    s.linux.seccomp->syscalls = {{{"write"}, SeccompAction::notify, std::nullopt, {}, {}}};
  }));
  ASSERT_TRUE(planning.plan.seccomp);
  EXPECT_EQ(planning.plan.seccomp->default_action, SeccompAction::errno_);
  EXPECT_EQ(planning.plan.seccomp->flags, std::vector{SeccompFlag::spec_allow});
  EXPECT_EQ(planning.plan.seccomp->rules[0].pointer, "/linux/seccomp/syscalls/0");
}

// ---- explain ----------------------------------------------------------------------------------

TEST(ExplainText, SaysFirstWhoseFactsItUsed) {
  const HostFacts facts = rootless_host();
  const std::string text =
      explain_text(plan_for(spec::default_spec(spec::RootlessOwner{1000, 1000}), facts), facts);
  EXPECT_EQ(text.substr(0, text.find(" (rootless)")),
            "facts of host rootless: uid 1000, initial user namespace");
}

TEST(ExplainText, FollowsTheOrderOfExecution) {
  const HostFacts facts = unified_host();
  const std::string text = explain_text(plan_for(changed([](Spec& s) {
                                          s.linux.resources.pids_limit = 9;
                                          s.hooks.poststop = {{"/bin/b", {}, {}, {}, {}}};
                                        })),
                                        facts);
  std::size_t at = 0;
  for (const char* line :
       {"write \"9\" to pids.max  [/linux/resources/pids/limit]\n", "new network", "make / rslave",
        "mount proc on /proc", "make /dev/null", "pivot_root", "host name asylum-runc",
        "mask /proc/acpi, if it exists  [/linux/maskedPaths/0]\n", "no new privileges",
        "execute \"sh\"  [/process/args]\n", "run /bin/b"}) {
    const std::size_t next = text.find(line, at);
    ASSERT_NE(next, std::string::npos) << line << " is not behind its predecessor in\n" << text;
    at = next;
  }
}

TEST(ExplainJson, IsADocumentWithEveryMount) {
  const HostFacts facts = unified_host();
  const std::string text = explain_json(plan_for(spec::default_spec()), facts);
  const spec::Document document = spec::parse_document(text);
  const auto* mounts = document.root.member("mounts");
  ASSERT_NE(mounts, nullptr);
  EXPECT_EQ(mounts->children.size(), 7U);
  EXPECT_EQ(mounts->children[1].member("destination")->text, "/dev");
  EXPECT_TRUE(document.root.member("accepted")->boolean);
}

TEST(ExplainJson, HasFactsThatCanBeGivenBack) {
  const HostFacts facts = hybrid_host();
  const spec::Document document =
      spec::parse_document(explain_json(plan_for(spec::default_spec(), facts), facts));
  const auto* member = document.root.member("facts");
  ASSERT_NE(member, nullptr);
  const HostFacts back = read_host_facts(document.text_of(*member));
  EXPECT_EQ(write_host_facts(back), write_host_facts(facts));
}

TEST(HostFactsJson, ComesBackAsItWent) {
  HostFacts facts = hybrid_host();
  facts.subuids = {{100000, 65536}};
  facts.bounding_capabilities = 0x1ffffffffffULL;
  facts.architectures = {0xc000003e};
  const std::string text = write_host_facts(facts);
  EXPECT_EQ(write_host_facts(read_host_facts(text)), text);
  EXPECT_NE(text.find("\"/sys/fs/cgroup/memory\""), std::string::npos);
}

TEST(HostFactsJson, RefusesWhatItDoesNotKnow) {
  EXPECT_THROW(read_host_facts("{\"eiud\": 0}"), Error);
  EXPECT_THROW(read_host_facts("{\"euid\": \"0\"}"), Error);
  EXPECT_THROW(read_host_facts("{\"euid\": 4294967296}"), Error);
  EXPECT_THROW(read_host_facts("[]"), Error);
  EXPECT_EQ(read_host_facts("{\"euid\": 5}").euid, 5U);
}

}  // namespace
}  // namespace asylum::plan::test
