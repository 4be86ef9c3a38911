// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/namespace_plan.h"

#include "runtime/plan/types/id_mapping.h"
#include "tests/plan/support.h"

namespace asylum::plan::test {
namespace {

using spec::Spec;

void add_namespace(Spec& spec, NamespaceType type, std::string path = {}) {
  spec.linux.namespaces.push_back({type, std::move(path), {}});
}

TEST(PlanNamespaces, TakesTheDefaultConfig) {
  const Planning planning = plan_for(spec::default_spec());
  EXPECT_EQ(errors_of(planning), "");
  EXPECT_EQ(warnings_of(planning), "");
  ASSERT_EQ(planning.plan.namespaces.size(), 6U);
  EXPECT_EQ(planning.plan.namespaces[1].type, NamespaceType::network);
  EXPECT_EQ(planning.plan.namespaces[1].pointer, "/linux/namespaces/1");
  EXPECT_TRUE(planning.plan.loopback_up);
  EXPECT_EQ(planning.plan.hostname, "asylum-runc");
  EXPECT_FALSE(planning.plan.domainname);
}

TEST(PlanNamespaces, NeverChangesTheHostsName) {
  const Spec spec = changed([](Spec& s) {
    std::erase_if(s.linux.namespaces,
                  [](const auto& one) { return one.type == NamespaceType::uts; });
    s.domainname = "example";
  });
  const Planning planning = plan_for(spec);
  EXPECT_FALSE(planning.plan.hostname) << "validate has said why";
  EXPECT_FALSE(planning.plan.domainname);
}

TEST(PlanNamespaces, EachKnowsWhatIsWrittenIntoIt) {
  const Planning planning = plan_for(changed([](Spec& s) {
    s.domainname = "example";
    s.linux.sysctl = {
        {"net.ipv4.ip_forward", "1"}, {"kernel.msgmax", "1"}, {"fs.mqueue.msg_max", "1"}};
  }));
  using Pointers = std::vector<std::string>;
  const auto written = [&](NamespaceType type) {
    return find_namespace(planning.plan, type)->written_by;
  };
  EXPECT_EQ(written(NamespaceType::uts), (Pointers{"/hostname", "/domainname"}));
  EXPECT_EQ(written(NamespaceType::network), Pointers{"/linux/sysctl/net.ipv4.ip_forward"});
  EXPECT_EQ(written(NamespaceType::ipc),
            (Pointers{"/linux/sysctl/kernel.msgmax", "/linux/sysctl/fs.mqueue.msg_max"}));
  EXPECT_TRUE(written(NamespaceType::mount).empty());
}

TEST(PlanNamespaces, LeavesLoopbackAloneInTheHostsNetwork) {
  const Spec spec = changed([](Spec& s) {
    std::erase_if(s.linux.namespaces,
                  [](const auto& one) { return one.type == NamespaceType::network; });
  });
  EXPECT_FALSE(plan_for(spec).plan.loopback_up);
}

TEST(PlanNamespaces, OffsetsNeedANewTimeNamespace) {
  const auto with_offsets = [](Spec& s) {
    s.linux.time_offsets.emplace();
    s.linux.time_offsets->boottime = spec::TimeOffset{3600, 5, {}};
    s.linux.time_offsets->monotonic = spec::TimeOffset{};
  };
  EXPECT_TRUE(plan_for(changed(with_offsets)).plan.time_offsets.empty());
  const Planning planning = plan_for(changed([&](Spec& s) {
    with_offsets(s);
    add_namespace(s, NamespaceType::time);
  }));
  EXPECT_EQ(errors_of(planning), "");
  ASSERT_EQ(planning.plan.time_offsets.size(), 1U) << "a zero offset is no offset";
  EXPECT_EQ(planning.plan.time_offsets[0].clock, "boottime");
  EXPECT_EQ(planning.plan.time_offsets[0].seconds, 3600);
  EXPECT_EQ(planning.plan.time_offsets[0].nanoseconds, 5U);
  EXPECT_EQ(planning.plan.time_offsets[0].pointer, "/linux/timeOffsets/boottime");
}

TEST(PlanNamespaces, AnOrdinaryUserNeedsAUserNamespace) {
  const Planning planning = plan_for(spec::default_spec(), rootless_host());
  EXPECT_EQ(error_at(planning, "/linux/namespaces").substr(0, 49),
            "a user namespace is needed to run as uid 1000; ad");
}

// ---- id maps ----------------------------------------------------------------------------------

Spec with_user_namespace(std::vector<spec::IdMapping> uids, std::vector<spec::IdMapping> gids) {
  return changed([&](Spec& s) {
    add_namespace(s, NamespaceType::user);
    s.linux.uid_mappings = std::move(uids);
    s.linux.gid_mappings = std::move(gids);
  });
}

TEST(PlanIdMaps, RootWritesWhatItIsTold) {
  const Planning planning =
      plan_for(with_user_namespace({{0, 100000, 65536, {}}}, {{0, 200000, 65536, {}}}));
  EXPECT_EQ(errors_of(planning), "");
  ASSERT_TRUE(planning.plan.id_maps);
  EXPECT_EQ(planning.plan.id_maps->uids, (std::vector<IdMapping>{{0, 100000, 65536}}));
  EXPECT_EQ(planning.plan.id_maps->gids, (std::vector<IdMapping>{{0, 200000, 65536}}));
  EXPECT_FALSE(planning.plan.id_maps->deny_setgroups);
  EXPECT_FALSE(planning.plan.id_maps->through_helpers);
}

TEST(PlanIdMaps, RootWithoutMappingsKeepsItsIdsAndIsWarned) {
  const Planning planning = plan_for(with_user_namespace({}, {}));
  EXPECT_EQ(errors_of(planning), "");
  EXPECT_EQ(planning.plan.id_maps->uids, (std::vector<IdMapping>{{0, 0, 4294967295}}));
  EXPECT_NE(warning_at(planning, "/linux/uidMappings"), "");
  EXPECT_NE(warning_at(planning, "/linux/gidMappings"), "");
}

TEST(PlanIdMaps, RootOfANestedNamespaceMapsOnlyWhatItHas) {
  HostFacts facts = unified_host();
  facts.initial_user_namespace = false;
  facts.uid_ranges = {{0, 100000, 65536}};
  facts.gid_ranges = {{0, 100000, 65536}};
  const Planning planning =
      plan_for(with_user_namespace({{0, 65535, 2, {}}}, {{0, 0, 65536, {}}}), facts);
  EXPECT_EQ(error_at(planning, "/linux/uidMappings/0/hostID").substr(0, 70),
            "host ids 65535 to 65536 do not exist in our own user namespace; choose");
  EXPECT_EQ(error_at(planning, "/linux/gidMappings/0/hostID"), "");
}

TEST(PlanIdMaps, AUserMapsItselfWithoutHelpers) {
  HostFacts facts = rootless_host();
  facts.has_newuidmap = false;
  const Planning planning = plan_for(spec::default_spec(spec::RootlessOwner{1000, 1000}), facts);
  EXPECT_EQ(errors_of(planning), "");
  EXPECT_TRUE(planning.plan.id_maps->deny_setgroups);
  EXPECT_FALSE(planning.plan.id_maps->through_helpers);
  EXPECT_FALSE(planning.plan.process.identity.set_groups);
}

TEST(PlanIdMaps, AUserWithSubordinateIdsNeedsTheHelpers) {
  const Spec spec = with_user_namespace({{0, 1000, 1, {}}, {1, 100000, 65536, {}}},
                                        {{0, 1000, 1, {}}, {1, 100000, 65536, {}}});
  const Planning planning = plan_for(spec, rootless_host());
  EXPECT_EQ(errors_of(planning), "");
  EXPECT_TRUE(planning.plan.id_maps->through_helpers);
  EXPECT_FALSE(planning.plan.id_maps->deny_setgroups);
  HostFacts without = rootless_host();
  without.has_newuidmap = false;
  EXPECT_NE(error_at(plan_for(spec, without), "/linux/uidMappings"), "");
}

TEST(PlanIdMaps, NamesTheRangesThatAreOurs) {
  const Planning planning =
      plan_for(with_user_namespace({{0, 1000, 1, {}}, {1, 100000, 70000, {}}}, {{0, 1000, 1, {}}}),
               rootless_host());
  EXPECT_EQ(error_at(planning, "/linux/uidMappings/1/hostID"),
            "host ids 100000 to 169999 are not ours to map; /etc/subuid gives 100000:65536 for uid "
            "1000");
}

TEST(PlanIdMaps, TheDefaultOfAUserIsItselfAndItsRanges) {
  const Planning planning = plan_for(with_user_namespace({}, {}), rootless_host());
  EXPECT_EQ(planning.plan.id_maps->uids,
            (std::vector<IdMapping>{{0, 1000, 1}, {1, 100000, 65536}}));
}

}  // namespace
}  // namespace asylum::plan::test
