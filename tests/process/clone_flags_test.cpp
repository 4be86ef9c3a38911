// SPDX-License-Identifier: Apache-2.0
// Which namespaces the one clone3 makes.
#include "runtime/process/both/clone_flags.h"
#include "runtime/plan/types/plan.h"

#include <gtest/gtest.h>
#include <sched.h>

#include "runtime/sys/process/namespaces.h"

namespace asylum::process {
namespace {

TEST(CloneFlags, HasAllThatAreNewAndNoneThatIsJoined) {
  plan::Plan plan;
  EXPECT_EQ(clone_flags_of(plan), 0U);
  plan.namespaces = {{NamespaceType::pid, "", ""},   {NamespaceType::network, "/run/netns/x", ""},
                     {NamespaceType::mount, "", ""}, {NamespaceType::user, "", ""},
                     {NamespaceType::ipc, "", ""},   {NamespaceType::uts, "", ""},
                     {NamespaceType::cgroup, "", ""}};
  EXPECT_EQ(clone_flags_of(plan), std::uint64_t{CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUSER |
                                                CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP});
}

TEST(CloneFlags, LeavesATimeNamespaceWithOffsetsToInit) {
  plan::Plan plan;
  plan.namespaces = {{NamespaceType::time, "", ""}};
  EXPECT_EQ(clone_flags_of(plan), std::uint64_t{CLONE_NEWTIME});
  plan.time_offsets = {{"monotonic", 5, 0, ""}};
  EXPECT_EQ(clone_flags_of(plan), 0U);
}

}  // namespace
}  // namespace asylum::process
