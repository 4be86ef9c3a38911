// SPDX-License-Identifier: Apache-2.0
// What must come before what in the tables of init, of exec and of a builder, by name.
#include <gtest/gtest.h>

#include <set>
#include <span>
#include <string_view>
#include <vector>

#include "runtime/process/init/birth.h"
#include "runtime/process/init/builder_hooks.h"
#include "runtime/process/init/builder_steps.h"
#include "runtime/process/init/exec_steps.h"
#include "runtime/process/init/init.h"
#include "runtime/process/init/mounting_steps.h"

namespace asylum::process {
namespace {

using Tables = std::vector<std::span<const InitStep>>;

Tables of_init() {
  return {arrival_steps(),  init_steps(),    process_steps(), own_steps(),
          identity_steps(), program_steps(), final_steps(),   last_steps()};
}
Tables of_bridge() {
  return {arrival_steps(),  entry_steps(),   bridge_steps(),  process_steps(),
          identity_steps(), program_steps(), crossing_steps()};
}
Tables of_builder() {
  return {arrival_steps(),   founding_steps(), init_steps(),    process_steps(),
          threshold_steps(), identity_steps(), program_steps(), crossing_steps()};
}
Tables of_child() {
  return {birth_steps(), own_steps(), held_steps(), last_steps()};
}

/// Position in the tables as they run; -1 = not there.
int find(const Tables& tables, std::string_view name) {
  int index = 0;
  for (const auto& table : tables) {
    for (const InitStep& step : table) {
      if (step.name == name) return index;
      ++index;
    }
  }
  return -1;
}

int at(const Tables& tables, std::string_view name) {
  const int index = find(tables, name);
  if (index < 0) ADD_FAILURE() << "no step " << name;
  return index;
}

int at(std::string_view name) {
  return at(of_init(), name);
}

#define EXPECT_ORDER(first, second) EXPECT_LT(at(first), at(second))

TEST(InitOrder, NamesAreUnique) {
  for (const Tables& tables : {of_init(), of_bridge(), of_builder(), of_child()}) {
    std::set<std::string_view> names;
    for (const auto& table : tables) {
      for (const InitStep& step : table) EXPECT_TRUE(names.insert(step.name).second) << step.name;
    }
  }
}

TEST(InitOrder, DeathSignalBeforeAnythingElse) {
  EXPECT_EQ(at("death_signal"), 0);
}
TEST(InitOrder, NothingBeforeMainIsReady) {
  EXPECT_EQ(at("proceed"), 1);
}
TEST(InitOrder, ThePidBeforeAFilterMayRefuseToTellIt) {
  EXPECT_ORDER("environment", "listen_pid");
  EXPECT_ORDER("listen_pid", "filter");
}
TEST(InitOrder, ProcfsBeforeItsUsers) {
  EXPECT_ORDER("procfs", "time_namespace");
  EXPECT_ORDER("procfs", "sysctls");
  EXPECT_ORDER("procfs", "labels");
}
TEST(InitOrder, OffsetsWhileOurProcFilesAreOurs) {
  EXPECT_ORDER("time_namespace", "undumpable");
}
TEST(InitOrder, HiddenBeforeTheContainerIsNear) {
  EXPECT_ORDER("undumpable", "mounts");
}
TEST(InitOrder, PropagationBeforeEveryMount) {
  EXPECT_ORDER("propagation", "root");
}
TEST(InitOrder, RootBeforeMounts) {
  EXPECT_ORDER("root", "mounts");
}
TEST(InitOrder, ExactModes) {
  EXPECT_ORDER("umask_zero", "mounts");
}
TEST(InitOrder, MountsBeforeDevices) {
  EXPECT_ORDER("mounts", "devices");
}
TEST(InitOrder, DevptsBeforeConsole) {
  EXPECT_ORDER("mounts", "console");
}
TEST(InitOrder, HooksBetweenMountsAndPivot) {
  EXPECT_ORDER("links", "host_hooks");
  EXPECT_ORDER("host_hooks", "create_container_hooks");
  EXPECT_ORDER("create_container_hooks", "pivot");
}
TEST(InitOrder, RootPropagationAfterPivot) {
  EXPECT_ORDER("pivot", "root_propagation");
}
TEST(InitOrder, CreateBeforeReadOnly) {
  EXPECT_ORDER("make_cwd", "readonly_root");
  EXPECT_ORDER("create_container_hooks", "readonly_mounts");
  EXPECT_ORDER("devices", "readonly_mounts");
}
TEST(InitOrder, SysctlsBeforeReadOnlyPaths) {
  EXPECT_ORDER("sysctls", "readonly_paths");
}
TEST(InitOrder, MasksAfterPivot) {
  EXPECT_ORDER("pivot", "dev_null");
  EXPECT_ORDER("host_null", "pivot");  // the host's is in reach until then
  EXPECT_ORDER("dev_null", "masked_paths");
  EXPECT_ORDER("readonly_paths", "masked_paths");
}
TEST(InitOrder, TuningWhileRoot) {
  EXPECT_ORDER("scheduler", "bounding");
  EXPECT_ORDER("affinity", "bounding");
}
TEST(InitOrder, LimitsAfterOurOwnWork) {
  EXPECT_ORDER("fetch_filter", "limits");
  EXPECT_ORDER("environment", "limits");
}
TEST(InitOrder, OurDescriptorsAreSeenThroughTheHostsProc) {
  EXPECT_ORDER("self_fd", "root");
  EXPECT_ORDER("self_fd", "environment");
}
TEST(InitOrder, GroupsBeforeUser) {
  EXPECT_ORDER("bounding", "uid");
  EXPECT_ORDER("keep_capabilities", "uid");
  EXPECT_ORDER("groups", "uid");
  EXPECT_ORDER("gid", "uid");
}
TEST(InitOrder, CapabilitiesAfterUser) {
  EXPECT_ORDER("uid", "capabilities");
  EXPECT_ORDER("capabilities", "ambient");
  EXPECT_ORDER("capabilities", "still_undumpable");
}
TEST(InitOrder, WorkingDirectoryProvenAfterBothTries) {
  EXPECT_ORDER("cwd", "uid");
  EXPECT_ORDER("uid", "cwd_as_user");
  EXPECT_ORDER("cwd_as_user", "prove_cwd");
}
TEST(InitOrder, ProgramFoundAsTheUserBeforeReady) {
  EXPECT_ORDER("capabilities", "program");
  EXPECT_ORDER("prove_cwd", "program");
  EXPECT_ORDER("environment", "program");
  EXPECT_ORDER("program", "ready");
}
TEST(InitOrder, NothingButReadAndWriteAfterTheFilter) {
  EXPECT_ORDER("no_new_privs", "filter");
  EXPECT_ORDER("descriptors", "filter");
  EXPECT_ORDER("signals", "filter");
  EXPECT_ORDER("untie", "filter");
  EXPECT_EQ(at("filter") + 1, at("ready"));
  EXPECT_EQ(at("ready") + 1, at("committed"));
}

#define EXPECT_BRIDGE_ORDER(first, second) \
  EXPECT_LT(at(of_bridge(), first), at(of_bridge(), second))

TEST(ExecOrder, TheBridgeIsToldEverythingBeforeItJoins) {
  EXPECT_BRIDGE_ORDER("proceed", "hide");
  EXPECT_BRIDGE_ORDER("bridge_session", "join");
  EXPECT_BRIDGE_ORDER("procfs", "join");
  EXPECT_BRIDGE_ORDER("self_fd", "join");
  EXPECT_BRIDGE_ORDER("hide", "join");
}
TEST(ExecOrder, HiddenAgainAfterEachChangeOfIds) {
  EXPECT_BRIDGE_ORDER("become_root", "undumpable");
  EXPECT_BRIDGE_ORDER("uid", "still_undumpable");
  EXPECT_BRIDGE_ORDER("capabilities", "still_undumpable");
}
TEST(BirthOrder, NothingButTheCloneAfterTheFilter) {
  EXPECT_EQ(crossing_steps().back().name, std::string_view("filter"));
  for (const Tables& tables : {of_bridge(), of_builder()}) {
    EXPECT_LT(at(tables, "descriptors"), at(tables, "filter"));
    EXPECT_LT(at(tables, "forget"), at(tables, "filter"));
  }
}
TEST(BirthOrder, WhoTheProgramIsWasDecidedBefore) {
  for (const char* name : {"cwd", "bounding", "groups", "gid", "uid", "capabilities", "ambient",
                           "no_new_privs", "keyring", "labels", "filter", "descriptors", "forget",
                           "still_undumpable", "stdio", "limits"}) {
    EXPECT_GE(find(of_bridge(), name), 0) << name;
    EXPECT_GE(find(of_builder(), name), 0) << name;
    EXPECT_EQ(find(of_child(), name), -1) << name;
  }
}
TEST(BirthOrder, OnlyWhatAChildDoesNotInheritIsLeftToIt) {
  std::vector<std::string_view> names;
  for (const auto& table : of_child()) {
    for (const InitStep& step : table) names.emplace_back(step.name);
  }
  EXPECT_EQ(names,
            (std::vector<std::string_view>{"meet_main", "session", "terminal", "counting_limits",
                                           "listen_pid", "held_filter", "ready", "committed"}));
  for (const InitStep& step : own_steps()) {
    EXPECT_EQ(find(of_bridge(), step.name), -1);
    EXPECT_EQ(find(of_builder(), step.name), -1);
  }
}

#define EXPECT_BUILDER_ORDER(first, second) \
  EXPECT_LT(at(of_builder(), first), at(of_builder(), second))

TEST(BuilderOrder, AllThatInitBuildsIsBuiltBeforeTheChildIsBorn) {
  for (const auto& table : {init_steps(), process_steps(), identity_steps(), program_steps()}) {
    for (const InitStep& step : table) EXPECT_GE(find(of_builder(), step.name), 0) << step.name;
  }
}
TEST(BuilderOrder, TheHostsProcIsOpenedWithTheHostsPower) {
  EXPECT_BUILDER_ORDER("procfs", "join");
  EXPECT_BUILDER_ORDER("self_fd", "join");
}
TEST(BuilderOrder, FromTheHostsNamespacesToTheContainers) {
  EXPECT_BUILDER_ORDER("proceed", "hide");
  EXPECT_BUILDER_ORDER("hide", "join");
  EXPECT_BUILDER_ORDER("join", "namespaces");
  EXPECT_BUILDER_ORDER("namespaces", "id_maps");
  EXPECT_BUILDER_ORDER("id_maps", "become_root");
  EXPECT_BUILDER_ORDER("namespaces", "propagation");
}
TEST(BuilderOrder, NoHookIsBornInThePidNamespace) {
  EXPECT_BUILDER_ORDER("create_container_hooks", "pid_namespace");
}
TEST(BuilderOrder, HooksThatMainRunsForIt) {
  const Tables tables{waiting_steps(), entry_steps(), hooking_steps()};
  EXPECT_LT(at(tables, "proceed"), at(tables, "join"));
  EXPECT_LT(at(tables, "hide"), at(tables, "join"));
  EXPECT_LT(at(tables, "become_root"), at(tables, "undumpable"));
  EXPECT_LT(at(tables, "undumpable"), at(tables, "create_container_hooks"));
}
TEST(BuilderOrder, ThePidNamespaceWhileThereIsPowerForIt) {
  EXPECT_BUILDER_ORDER("pid_namespace", "bounding");
  EXPECT_BUILDER_ORDER("pid_namespace", "uid");
}

// Both are of what the joins have given: the file system context of a mount namespace, and its
// root.
TEST(InitOrder, WhoEntersForMountsJoinsBeforeWhatTheJoinsChange) {
  const Tables entering = {waiting_steps(), outside_steps(), entry_steps(), entered_steps()};
  EXPECT_LT(at(entering, "join"), at(entering, "umask_zero"));
  EXPECT_LT(at(entering, "join"), at(entering, "find_root"));
  EXPECT_LT(at(entering, "hide"), at(entering, "join"));
}

}  // namespace
}  // namespace asylum::process
