// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/mount_plan.h"

#include "runtime/plan/explain/words.h"
#include "runtime/plan/types/root.h"
#include "tests/plan/support.h"

namespace asylum::plan::test {
namespace {

using spec::Spec;

/// The plan of one mount alone; its findings in `planning`.
Planning plan_mount(spec::Mount one, const HostFacts& facts = unified_host()) {
  return plan_for(changed([&](Spec& s) { s.mounts = {std::move(one)}; }), facts);
}

std::vector<std::string> parameters_of(const Mount& mount) {
  std::vector<std::string> out;
  for (const FsParameter& one : mount.parameters) out.push_back(text_of(one));
  return out;
}
using Texts = std::vector<std::string>;

TEST(PlanMounts, ATmpfsIsANewFileSystem) {
  const Planning planning = plan_mount(
      mount("/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}));
  EXPECT_EQ(errors_of(planning), "");
  const Mount& one = planning.plan.mounts.at(0);
  EXPECT_EQ(one.kind, MountKind::filesystem);
  EXPECT_EQ(one.fs_type, "tmpfs");
  EXPECT_EQ(one.source, "tmpfs");
  EXPECT_EQ(one.attributes.set, attribute::nosuid | attribute::strictatime);
  EXPECT_EQ(one.attributes.clear, 0U);
  EXPECT_EQ(parameters_of(one), (Texts{"mode=755", "size=65536k"}));
  EXPECT_EQ(one.parameters[1].pointer, "/mounts/0/options/3");
  EXPECT_FALSE(one.inherit_mode);
  EXPECT_EQ(one.pointer, "/mounts/0");
}

TEST(PlanMounts, ATmpfsWithoutModeInheritsIt) {
  EXPECT_TRUE(plan_mount(mount("/tmp", "tmpfs", "", {})).plan.mounts[0].inherit_mode);
  EXPECT_FALSE(plan_mount(mount("/x", "proc", "", {})).plan.mounts[0].inherit_mode);
}

TEST(PlanMounts, ReadOnlyReachesTheSuperblockButNotOfATmpfs) {
  const Mount sys = plan_mount(mount("/sys", "sysfs", "sysfs", {"ro"})).plan.mounts[0];
  EXPECT_EQ(sys.attributes.set, attribute::rdonly);
  EXPECT_EQ(parameters_of(sys), Texts{"ro"});
  EXPECT_FALSE(sys.readonly_last);
  const Mount tmp = plan_mount(mount("/t", "tmpfs", "", {"ro", "tmpcopyup"})).plan.mounts[0];
  EXPECT_EQ(parameters_of(tmp), Texts{}) << "the copy-up still has to write";
  EXPECT_TRUE(tmp.readonly_last);
  EXPECT_TRUE(tmp.copy_up);
}

TEST(PlanMounts, ABindChangesOnlyWhatItsWordsSay) {
  const Planning planning =
      plan_mount(mount("/data", "none", "/srv/data", {"rbind", "ro", "exec", "noatime", "rslave"}));
  EXPECT_EQ(errors_of(planning), "");
  const Mount& one = planning.plan.mounts[0];
  EXPECT_EQ(one.kind, MountKind::bind);
  EXPECT_TRUE(one.recursive_bind);
  EXPECT_EQ(one.source, "/srv/data");
  EXPECT_EQ(one.attributes.set, attribute::rdonly | attribute::noatime);
  EXPECT_EQ(one.attributes.clear, attribute::noexec | attribute::atime_mask);
  ASSERT_EQ(one.propagation.size(), 1U);
  EXPECT_EQ(text_of(one.propagation[0]), "rslave");
  EXPECT_TRUE(plan_mount(mount("/a", "none", "/b", {"bind"})).plan.mounts[0].attributes.empty());
}

TEST(PlanMounts, RecursiveWordsArePlannedApart) {
  const Mount one =
      plan_mount(mount("/a", "none", "/b", {"rbind", "rro", "rstrictatime"})).plan.mounts[0];
  EXPECT_TRUE(one.attributes.empty());
  EXPECT_EQ(one.recursive_attributes.set, attribute::rdonly | attribute::strictatime);
  EXPECT_EQ(one.recursive_attributes.clear, attribute::atime_mask);
}

TEST(PlanMounts, ARelativeSourceIsOfTheBundle) {
  EXPECT_EQ(plan_mount(mount("/a", "none", "data/x", {"bind"})).plan.mounts[0].source,
            "/bundle/data/x");
}

TEST(PlanMounts, TheTypeBindWithASourceIsEnough) {
  EXPECT_EQ(plan_mount(mount("/a", "bind", "/b", {})).plan.mounts[0].kind, MountKind::bind);
  EXPECT_TRUE(plan_mount(mount("/a", "rbind", "/b", {})).plan.mounts[0].recursive_bind);
}

TEST(PlanMounts, ABindTakesNothingForTheFileSystem) {
  const Planning planning = plan_mount(mount("/a", "none", "/b", {"bind", "sync", "size=1m"}));
  EXPECT_EQ(parameters_of(planning.plan.mounts[0]), Texts{}) << "it would change the host's";
  EXPECT_NE(warning_at(planning, "/mounts/0/options/1"), "");
}

TEST(PlanMounts, PropagationAloneIsOfTheMountThatIsThere) {
  const Mount one = plan_mount(mount("/a", "none", "", {"rshared"})).plan.mounts[0];
  EXPECT_EQ(one.kind, MountKind::remount);
  EXPECT_TRUE(one.attributes.empty());
  EXPECT_EQ(text_of(one.propagation.at(0)), "rshared");
}

TEST(PlanMounts, DestinationsAreCleanAndInsideTheRoot) {
  EXPECT_EQ(plan_mount(mount("../../etc//x/", "tmpfs", "", {})).plan.mounts[0].destination,
            "/etc/x");
}

TEST(PlanMounts, ARemountChangesWhatIsThere) {
  const Mount one =
      plan_mount(mount("/a", "", "", {"remount", "rw", "sync", "size=1m"})).plan.mounts[0];
  EXPECT_EQ(one.kind, MountKind::remount);
  EXPECT_EQ(one.attributes.clear, attribute::rdonly);
  EXPECT_EQ(parameters_of(one), (Texts{"rw", "sync", "size=1m"}));
  const Mount bind = plan_mount(mount("/a", "", "", {"remount", "bind", "ro"})).plan.mounts[0];
  EXPECT_EQ(bind.kind, MountKind::remount);
  EXPECT_EQ(parameters_of(bind), Texts{}) << "as mount(8): this mount only, not its file system";
}

TEST(PlanMounts, DataIsTakenApartAtItsCommas) {
  const Mount one = plan_mount(mount("/o", "overlay", "overlay",
                                     {"lowerdir=/a:/b,upperdir=/u", "context=\"u:r:t:s0:c1,c2\"",
                                      "metacopy=off", "xattr\\,=x", "flag"}))
                        .plan.mounts[0];
  EXPECT_EQ(parameters_of(one), (Texts{"lowerdir=/a:/b", "upperdir=/u", "context=u:r:t:s0:c1,c2",
                                       "metacopy=off", "xattr\\,=x", "flag"}));
}

TEST(PlanMounts, ACgroupMountIsCgroup2) {
  const Planning planning =
      plan_mount(mount("/sys/fs/cgroup", "cgroup", "cgroup", {"ro", "relatime", "nsdelegate"}));
  const Mount& one = planning.plan.mounts[0];
  EXPECT_EQ(one.kind, MountKind::cgroup);
  EXPECT_EQ(one.fs_type, "cgroup2");
  EXPECT_EQ(one.attributes.set, attribute::rdonly);
  EXPECT_EQ(parameters_of(one), Texts{});
  EXPECT_NE(warning_at(planning, "/mounts/0/options/2"), "") << "nsdelegate is the host's";
  EXPECT_FALSE(planning.plan.cgroup.delegate);
  HostFacts without = unified_host();
  without.cgroup.mount_point.clear();
  EXPECT_NE(error_at(plan_mount(mount("/c", "cgroup", "", {}), without), "/mounts/0/type"), "");
}

TEST(PlanMounts, AWritableCgroupMountIsDelegated) {
  const auto one = mount("/sys/fs/cgroup", "cgroup", "cgroup", {"rw"});
  EXPECT_TRUE(plan_mount(one).plan.cgroup.delegate);
  const Planning planning = plan_for(changed([&](Spec& s) {
    s.mounts = {one};
    std::erase_if(s.linux.namespaces,
                  [](const auto& ns) { return ns.type == NamespaceType::cgroup; });
  }));
  EXPECT_FALSE(planning.plan.cgroup.delegate) << "the host's cgroups are not the container's";
}

TEST(PlanMounts, IdsInOptionsMustBeMapped) {
  const auto spec = changed([](Spec& s) {
    s.linux.namespaces.push_back({NamespaceType::user, {}, {}});
    s.linux.uid_mappings = s.linux.gid_mappings = {{0, 100000, 1, {}}};
  });
  EXPECT_EQ(error_at(plan_for(spec), "/mounts/2/options/5"),
            "\"gid=5\" is not mapped into the container's user namespace; remove the option, or "
            "map the id in /linux/gidMappings");
}

TEST(PlanMounts, WordsThatCannotBePassedAreNamed) {
  const Planning planning =
      plan_mount(mount("/a", "ext4", "/dev/sda1", {"iversion", "silent", "sync", "lazytime"}));
  EXPECT_EQ(errors_of(planning), "");
  EXPECT_NE(warning_at(planning, "/mounts/0/options/0"), "");
  EXPECT_EQ(parameters_of(planning.plan.mounts[0]), (Texts{"sync", "lazytime"}));
}

TEST(PlanRoot, PropagationOfTheRootAndItsParent) {
  const auto planned = [](std::optional<PropagationChange> change) {
    return plan_for(changed([&](Spec& s) { s.linux.rootfs_propagation = change; })).plan.root;
  };
  EXPECT_EQ(text_of(planned(std::nullopt).parent_propagation), "rslave");
  EXPECT_FALSE(planned(std::nullopt).propagation);
  const Root shared = planned(PropagationChange{Propagation::shared, true});
  EXPECT_EQ(text_of(shared.parent_propagation), "rshared");
  EXPECT_EQ(text_of(*shared.propagation), "rshared");
  const Root unbindable = planned(PropagationChange{Propagation::unbindable, false});
  EXPECT_EQ(text_of(unbindable.parent_propagation), "rslave");
  EXPECT_EQ(text_of(*unbindable.propagation), "unbindable");
}

TEST(PlanRoot, ARelativeRootIsOfTheBundle) {
  EXPECT_EQ(plan_for(spec::default_spec()).plan.root.path, "/bundle/rootfs");
  EXPECT_TRUE(plan_for(spec::default_spec()).plan.root.readonly);
  const auto elsewhere = changed([](Spec& s) { s.root->path = "/images/x"; });
  EXPECT_EQ(plan_for(elsewhere).plan.root.path, "/images/x");
}

}  // namespace
}  // namespace asylum::plan::test
