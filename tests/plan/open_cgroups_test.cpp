// SPDX-License-Identifier: Apache-2.0
// CVE-2023-25809: the cgroups of the user, writable through a bind of the host's /sys.
#include "runtime/plan/open_cgroups.h"

#include "runtime/plan/types/root.h"
#include "tests/plan/support.h"

namespace asylum::plan::test {
namespace {

using Paths = std::vector<std::string>;

spec::Spec rootless(std::vector<spec::Mount> mounts) {
  spec::Spec spec = spec::default_spec(spec::RootlessOwner{1000, 1000});
  spec.mounts = std::move(mounts);
  return spec;
}

TEST(OpenCgroups, TheRootlessConfigHasNone) {
  const Planning planning =
      plan_for(spec::default_spec(spec::RootlessOwner{1000, 1000}), rootless_host());
  EXPECT_EQ(errors_of(planning), "");
  EXPECT_EQ(warnings_of(planning), "");
  const auto& mounts = planning.plan.mounts;
  ASSERT_GE(mounts.size(), 2U);
  const Mount& sys = mounts[mounts.size() - 2];
  EXPECT_EQ(sys.destination, "/sys");
  EXPECT_NE(sys.recursive_attributes.set & attribute::rdonly, 0U);
  EXPECT_EQ(mounts.back().destination, "/sys/fs/cgroup");
  EXPECT_EQ(mounts.back().kind, MountKind::cgroup);
  EXPECT_NE(mounts.back().attributes.set & attribute::rdonly, 0U);
}

TEST(OpenCgroups, ABindOfSysClosesThem) {
  const spec::Spec spec = rootless({mount("/sys", "none", "/sys", {"rbind", "ro"})});
  const Planning planning = plan_for(spec, rootless_host());
  EXPECT_EQ(planning.plan.mounts[0].readonly_below, Paths{"fs/cgroup"});
  EXPECT_NE(warning_at(planning, "/mounts/0"), "");
}

TEST(OpenCgroups, ThoseOfTheOldHierarchiesToo) {
  HostFacts facts = rootless_host();
  facts.cgroup = hybrid_host().cgroup;
  const spec::Spec spec = rootless({mount("/host", "none", "/", {"rbind"})});
  const Planning planning = plan_for(spec, facts);
  EXPECT_EQ(planning.plan.mounts[0].readonly_below,
            (Paths{"sys/fs/cgroup/unified", "sys/fs/cgroup/memory", "sys/fs/cgroup/pids"}));
}

TEST(OpenCgroups, WhatTheConfigDecidesOrCoversIsLeft) {
  const spec::Mount over = mount("/sys/fs/cgroup", "cgroup", "cgroup", {"ro"});
  for (const auto& mounts : std::vector<std::vector<spec::Mount>>{
           {mount("/sys", "none", "/sys", {"rbind", "ro"}), over},
           {mount("/sys", "none", "/sys", {"rbind", "rro"})},
           {mount("/sys", "none", "/sys", {"rbind", "rrw"})},
           {mount("/sys", "none", "/sys", {"bind", "ro"})},
           {mount("/cgroup", "none", "/sys/fs/cgroup", {"rbind"})},
           {mount("/data", "none", "/sysroot", {"rbind"})}}) {
    const Planning planning = plan_for(rootless(mounts), rootless_host());
    EXPECT_TRUE(planning.plan.mounts[0].readonly_below.empty()) << mounts[0].source;
  }
}

TEST(OpenCgroups, ARootThatIsTheHostsClosesThem) {
  spec::Spec spec = rootless({});
  spec.root->path = "/";
  EXPECT_EQ(plan_for(spec, rootless_host()).plan.root.readonly_below, Paths{"sys/fs/cgroup"});
  spec.mounts = {mount("/sys", "tmpfs", "tmpfs", {})};
  EXPECT_TRUE(plan_for(spec, rootless_host()).plan.root.readonly_below.empty()) << "covered";
}

TEST(OpenCgroups, WithoutAUserNamespaceItIsTheConfigsWord) {
  const spec::Spec spec = changed([](spec::Spec& s) {
    s.mounts = {mount("/sys", "none", "/sys", {"rbind", "ro"})};
  });
  EXPECT_TRUE(plan_for(spec).plan.mounts[0].readonly_below.empty());
}

TEST(OpenCgroups, AWritableCgroupMountWithoutItsNamespaceIsNamed) {
  const auto with = [](std::vector<std::string> options) {
    return plan_for(changed([&](spec::Spec& s) {
      std::erase_if(s.linux.namespaces,
                    [](const auto& one) { return one.type == NamespaceType::cgroup; });
      s.mounts = {mount("/sys/fs/cgroup", "cgroup", "cgroup", std::move(options))};
    }));
  };
  EXPECT_NE(warning_at(with({}), "/mounts/0"), "");
  EXPECT_EQ(warning_at(with({"ro"}), "/mounts/0"), "");
}

}  // namespace
}  // namespace asylum::plan::test
