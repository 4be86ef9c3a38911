// SPDX-License-Identifier: Apache-2.0
// Who joins which namespace: the table of design §6.
#include "runtime/process/joins.h"

#include <fcntl.h>
#include <gtest/gtest.h>

#include "runtime/base/error.h"
#include "runtime/base/report.h"

namespace asylum::process {
namespace {

using plan::NamespaceType;
using enum UserNamespaceIs;

TEST(WhoJoins, WithoutUserNamespaceInitDoesItAllButThePid) {
  for (const auto type : {NamespaceType::network, NamespaceType::ipc, NamespaceType::uts,
                          NamespaceType::cgroup, NamespaceType::time, NamespaceType::mount}) {
    EXPECT_EQ(who_joins(type, none, false), Joiner::child);
  }
  EXPECT_EQ(who_joins(NamespaceType::pid, none, false), Joiner::main);
}

TEST(WhoJoins, ANewUserNamespaceCanEnterNothingOfTheHost) {
  for (const auto type : {NamespaceType::network, NamespaceType::ipc, NamespaceType::uts,
                          NamespaceType::cgroup, NamespaceType::time, NamespaceType::pid}) {
    EXPECT_EQ(who_joins(type, made, false), Joiner::main);
  }
  EXPECT_EQ(who_joins(NamespaceType::mount, made, false), Joiner::nobody);
}

TEST(WhoJoins, AJoinedUserNamespaceDecidesByOwner) {
  EXPECT_EQ(who_joins(NamespaceType::user, joined, false), Joiner::child);
  for (const auto type : {NamespaceType::network, NamespaceType::pid, NamespaceType::ipc}) {
    EXPECT_EQ(who_joins(type, joined, true), Joiner::child);
    EXPECT_EQ(who_joins(type, joined, false), Joiner::main);
  }
  EXPECT_EQ(who_joins(NamespaceType::mount, joined, true), Joiner::child);
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
            "cannot open the network namespace \"/no/such\": open \"/no/such\": No such file or "
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
  EXPECT_FALSE(joins.needs_bridge);
  ASSERT_EQ(joins.by_child.size(), 1U);
  EXPECT_EQ(joins.by_child[0].type, NamespaceType::ipc);
}

}  // namespace
}  // namespace asylum::process
