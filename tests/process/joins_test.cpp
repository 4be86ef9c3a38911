// SPDX-License-Identifier: Apache-2.0
// Who joins which namespace: the table of design §6.
#include "runtime/process/both/joins.h"
#include "runtime/plan/types/plan.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/report.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {
namespace {

using enum UserNamespaceIs;

TEST(WhoJoins, WithoutUserNamespaceInitDoesItAllButThePid) {
  for (const auto type : {NamespaceType::network, NamespaceType::ipc, NamespaceType::uts,
                          NamespaceType::cgroup, NamespaceType::time, NamespaceType::mount}) {
    EXPECT_EQ(who_joins(type, none, false), Joiner::init);
  }
}

// Its own children, hooks among them, would be born in it.
TEST(WhoJoins, APidNamespaceIsLastWhereThePowerForItIsKept) {
  EXPECT_EQ(who_joins(NamespaceType::pid, none, false), Joiner::builder_last);
  EXPECT_EQ(who_joins(NamespaceType::pid, joined, true), Joiner::builder_last);
  EXPECT_EQ(who_joins(NamespaceType::pid, joined, false), Joiner::bridge_outside);
  EXPECT_EQ(who_joins(NamespaceType::pid, made, false), Joiner::bridge_outside);
}

TEST(WhoJoins, ANewUserNamespaceCanEnterNothingOfTheHost) {
  for (const auto type : {NamespaceType::network, NamespaceType::ipc, NamespaceType::uts,
                          NamespaceType::cgroup, NamespaceType::time, NamespaceType::pid}) {
    EXPECT_EQ(who_joins(type, made, false), Joiner::bridge_outside);
  }
  EXPECT_EQ(who_joins(NamespaceType::mount, made, false), Joiner::nobody);
}

TEST(WhoJoins, AJoinedUserNamespaceDecidesByOwner) {
  EXPECT_EQ(who_joins(NamespaceType::user, joined, false), Joiner::bridge_inside);
  for (const auto type : {NamespaceType::network, NamespaceType::uts, NamespaceType::ipc}) {
    EXPECT_EQ(who_joins(type, joined, true), Joiner::bridge_inside);
    EXPECT_EQ(who_joins(type, joined, false), Joiner::bridge_outside);
  }
  EXPECT_EQ(who_joins(NamespaceType::mount, joined, true), Joiner::bridge_inside);
  EXPECT_EQ(who_joins(NamespaceType::mount, joined, false), Joiner::nobody);
}

std::string refusal(NamespaceType type, const char* path) {
  plan::Plan plan;
  plan.namespaces = {{type, path, "/linux/namespaces/2"}};
  try {
    open_joins(plan);
  } catch (const Error& error) {
    return sentence_of(error);
  }
  return "(none)";
}

TEST(OpenJoins, RefusesWhatIsNoNamespaceOrAnother) {
  EXPECT_EQ(refusal(NamespaceType::network, "/no/such"),
            "cannot open the network namespace \"/no/such\": open \"/no/such\": no such file or "
            "directory "
            "(config.json#/linux/namespaces/2/path)");
  EXPECT_NE(refusal(NamespaceType::network, "/etc/passwd").find("not a namespace"),
            std::string::npos);
  EXPECT_NE(refusal(NamespaceType::network, "/proc/self/ns/ipc").find("it is a ipc namespace"),
            std::string::npos);
}

// A path may lead to the namespace that the command itself is in.
TEST(OpenJoins, RefusesToWriteIntoTheHostsOwn) {
  const auto refusal_of = [](NamespaceType type, const char* path, const char* writer) {
    plan::Plan plan;
    plan.namespaces = {{type, path, "/linux/namespaces/2", {}}};
    if (writer != nullptr) plan.namespaces[0].written_by = {writer};
    try {
      open_joins(plan);
    } catch (const Error& error) {
      return sentence_of(error);
    }
    return std::string("(none)");
  };
  EXPECT_EQ(refusal_of(NamespaceType::uts, "/proc/self/ns/uts", "/hostname"),
            "the setting would change the host: the uts namespace \"/proc/self/ns/uts\" is not the "
            "container's own (config.json#/hostname)");
  EXPECT_EQ(refusal_of(NamespaceType::uts, "/proc/self/ns/uts", nullptr), "(none)");
  EXPECT_NE(refusal_of(NamespaceType::ipc, "/proc/self/ns/ipc", "/linux/sysctl/kernel.msgmax"),
            "(none)");
  EXPECT_NE(refusal_of(NamespaceType::network, "/proc/self/ns/net", "/linux/sysctl/net.x"),
            "(none)");
  EXPECT_NE(refusal_of(NamespaceType::user, "/proc/self/ns/user", "/linux/sysctl/user.x"),
            "(none)");
}

TEST(OpenJoins, OurOwnUserNamespaceNeedsNoJoin) {
  plan::Plan plan;
  plan.namespaces = {{NamespaceType::user, "/proc/self/ns/user", ""},
                     {NamespaceType::ipc, "/proc/self/ns/ipc", ""}};
  const Joins joins = open_joins(plan);
  EXPECT_TRUE(joins.by_bridge.empty());
  ASSERT_EQ(joins.by_init.size(), 1U);
  EXPECT_EQ(joins.by_init[0].type, NamespaceType::ipc);
}

TEST(OpenJoins, OurOwnPidNamespaceNeedsNoJoinAndNoBuilder) {
  plan::Plan plan;
  plan.namespaces = {{NamespaceType::pid, "/proc/self/ns/pid", ""},
                     {NamespaceType::ipc, "/proc/self/ns/ipc", ""}};
  const Joins joins = open_joins(plan);
  EXPECT_FALSE(joins.need_builder());
  EXPECT_TRUE(joins.by_bridge.empty());
  EXPECT_EQ(joins.by_init.size(), 1U);
}

TEST(JoinsOfProcess, AllAtOnceWithoutTheUserNamespaceThatIsOurs) {
  plan::Plan plan;
  plan.namespaces = {{NamespaceType::user, "", ""},
                     {NamespaceType::pid, "", ""},
                     {NamespaceType::network, "/somewhere", ""}};
  const sys::Fd self = sys::open_pidfd(::getpid());
  const auto all = joins_of_process(plan, ::getpid(), self.get());
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].of_process, std::uint64_t{CLONE_NEWPID | CLONE_NEWNET});
  const auto mounts = joins_of_process(plan, ::getpid(), self.get(), CLONE_NEWPID);
  ASSERT_EQ(mounts.size(), 1U);
  EXPECT_EQ(mounts[0].of_process, std::uint64_t{CLONE_NEWNET});
  EXPECT_TRUE(joins_of_process(plan, ::getpid(), self.get(), CLONE_NEWPID | CLONE_NEWNET).empty());
}

}  // namespace
}  // namespace asylum::process
