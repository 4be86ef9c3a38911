// SPDX-License-Identifier: Apache-2.0
// Every row of every table of steps names the property of config.json that it carries out, or is
// known to carry out none.
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/both/channel.h"
#include "runtime/process/init/birth.h"
#include "runtime/process/init/builder_hooks.h"
#include "runtime/process/init/builder_steps.h"
#include "runtime/process/init/exec_steps.h"
#include "runtime/process/init/init.h"
#include "runtime/process/init/mounting_steps.h"

namespace asylum::process {
namespace {

// Rows without a pointer, and why.
const std::map<std::string_view, const char*> kNoProperty = {
    {"death_signal", "between main and init"},
    {"proceed", "between main and init"},
    {"untie", "between main and init"},
    {"wipe_environment", "our own memory"},
    {"ready", "between main and init"},
    {"committed", "between main and init"},
    {"host_hooks", "main runs them and says itself which one failed"},
    {"procfs", "a tool of several steps"},
    {"undumpable", "the config cannot ask for less"},
    {"session", "the config cannot ask for less"},
    {"keyring", "the command line decides it"},
    {"loopback", "a promise of ours for every new network namespace"},
    {"umask_zero", "for our own work, /process/user/umask comes later"},
    {"devices", "the specification's own have no place in it; the config's carry theirs"},
    {"links", "the specification's own"},
    {"affinity", "what our caller had must not be inherited"},
    {"labels", "two properties: set_labels says which"},
    {"environment", "HOME comes from the image's /etc/passwd"},
    {"signals", "what our caller had must not be inherited"},
    {"descriptors", "what our caller had must not be inherited"},
    {"find_root", "the container has one already"},
    {"bridge_session", "between main and the bridge"},
    {"meet_main", "between main and the bridge's child"},
    {"hide", "the config cannot ask for less"},
    {"still_undumpable", "the config cannot ask for less"},
    {"listen_pid", "the caller's environment decides it"},
    {"self_fd", "a tool of several steps"},
    {"forget", "the config cannot ask for less"},
    {"join", "an exec's container was made with them; of a builder's each says its own path"},
    {"pid_namespace", "the join says its own path"},
};

std::vector<std::span<const InitStep>> tables() {
  return {arrival_steps(),  init_steps(),      process_steps(), own_steps(),
          identity_steps(), program_steps(),   final_steps(),   last_steps(),
          founding_steps(), threshold_steps(), bridge_steps(),  entry_steps(),
          crossing_steps(), birth_steps(),     held_steps(),    hooking_steps()};
}

void expect_pointers(std::span<const InitStep> table, std::set<std::string_view>& without) {
  for (const InitStep& step : table) {
    const std::string_view pointer = step.pointer;
    if (pointer.empty()) {
      without.insert(step.name);
    } else {
      EXPECT_TRUE(pointer.starts_with('/') && !pointer.ends_with('/')) << step.name;
    }
  }
}

TEST(InitPointers, EveryRowHasOneOrAReason) {
  std::set<std::string_view> without;
  for (const auto& table : tables()) {
    expect_pointers(table, without);
  }
  for (const std::string_view name : without) {
    // The container's user namespace was settled at create: exec does not blame the config for it.
    if (name == "become_root") continue;
    EXPECT_TRUE(kNoProperty.contains(name)) << name << " has neither pointer nor reason";
  }
  for (const auto& [name, reason] : kNoProperty) {
    EXPECT_TRUE(without.contains(name)) << name << " needs no reason: " << reason;
  }
}

// Only making them and becoming root of the user namespace is about namespaces.
TEST(InitPointers, NoStepIsBlamedOnTheNamespaces) {
  for (const auto& table : tables()) {
    for (const InitStep& step : table) {
      const std::string_view name = step.name;
      if (name == "become_root" || name == "namespaces") continue;
      EXPECT_FALSE(std::string_view(step.pointer).starts_with("/linux/namespaces")) << step.name;
    }
  }
}

// Not only our own errors: what the library throws is thrown within a step, too.
TEST(InitPointers, WhateverIsThrownIsAboutItsStep) {
  const InitStep broken[] = {{"broken", "set the host name", "/hostname",
                              [](const plan::Plan&) { return true; },
                              [](InitContext&) { throw std::length_error("too long"); }}};
  const plan::Plan plan;
  const GateEnds gate;
  auto [ours, theirs] = make_channel();
  InitContext context{.plan = plan, .channel = std::move(theirs), .gate = gate};
  try {
    run_steps(broken, context);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::internal);
    EXPECT_EQ(error.doing, "set the host name");
    EXPECT_EQ(error.pointer, "/hostname");
    EXPECT_EQ(error.detail, "too long");
  }
}

// What `mounts` gets is a document of its own, which config.json's pointers do not fit.
TEST(InitPointers, MountsAreNotBlamedOnTheConfig) {
  for (const auto& table : {waiting_steps(), outside_steps(), entry_steps(), entered_steps(),
                            adding_steps(), removing_steps()}) {
    for (const InitStep& step : table) EXPECT_STREQ(step.pointer, "") << step.name;
  }
}

}  // namespace
}  // namespace asylum::process
