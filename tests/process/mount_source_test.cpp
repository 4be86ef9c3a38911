// SPDX-License-Identifier: Apache-2.0
// The rule of handed-over mount descriptors (design §6): no lock of a host mount may be lost.
#include "runtime/process/main/mount_source.h"

#include <gtest/gtest.h>

#include "runtime/plan/types/plan.h"

namespace asylum::process {
namespace {

using namespace attribute;  // NOLINT: names of flags only

constexpr std::uint64_t kSysAdmin = std::uint64_t{1} << 21;

plan::Plan user_namespace_plan(std::uint64_t bounding) {
  plan::Plan plan;
  plan.namespaces.push_back({NamespaceType::user, "", ""});
  plan.process.identity.capabilities.bounding = bounding;
  return plan;
}

TEST(MountSource, AReadOnlyHostMountIsRefused) {
  const plan::Mount mount;
  EXPECT_EQ(flags_lost_by_handing_over(user_namespace_plan(0), mount, rdonly | nosuid),
            rdonly | nosuid);
}

TEST(MountSource, TheSameFlagsAskedForAreEnoughWithoutSysAdmin) {
  plan::Mount mount;
  mount.attributes.set = rdonly;
  EXPECT_EQ(flags_lost_by_handing_over(user_namespace_plan(0), mount, rdonly), 0U);
  EXPECT_EQ(flags_lost_by_handing_over(user_namespace_plan(0), mount, rdonly | nodev), nodev);
  EXPECT_EQ(flags_lost_by_handing_over(user_namespace_plan(kSysAdmin), mount, rdonly), rdonly);
}

TEST(MountSource, WithoutFlagsOrUserNamespaceNothingIsLost) {
  EXPECT_EQ(flags_lost_by_handing_over(user_namespace_plan(kSysAdmin), {}, 0), 0U);
  EXPECT_EQ(flags_lost_by_handing_over({}, {}, rdonly), 0U);
  EXPECT_EQ(flags_lost_by_handing_over(user_namespace_plan(0), {}, noatime), 0U);
}

TEST(MountSource, OfATreeOnlyRecursiveFlagsAreAskedForBelow) {
  plan::Mount mount;
  mount.recursive_bind = true;
  mount.attributes.set = rdonly;
  EXPECT_EQ(flags_lost_by_handing_over(user_namespace_plan(0), mount, rdonly), rdonly);
  mount.recursive_attributes.set = rdonly;
  EXPECT_EQ(flags_lost_by_handing_over(user_namespace_plan(0), mount, rdonly), 0U);
}

TEST(MountSource, OptionsOfTheMountTable) {
  EXPECT_EQ(attributes_in_options("rw,relatime"), 0U);
  EXPECT_EQ(attributes_in_options("ro,nosuid,nodev,noexec,relatime"),
            rdonly | nosuid | nodev | noexec);
}

}  // namespace
}  // namespace asylum::process
