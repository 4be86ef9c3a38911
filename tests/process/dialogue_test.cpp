// SPDX-License-Identifier: Apache-2.0
// The order of the dialogue, decided by the compiler.
#include "runtime/process/main/dialogue.h"

#include <gtest/gtest.h>

#include <initializer_list>

#include "runtime/plan/types/plan.h"

namespace asylum::process {
namespace {

using enum MessageType;

constexpr Expect kNothing{};
constexpr Expect kAll{.mount_sources = true, .hooks = true, .console = true, .filter = true};

/// What the last of the messages is answered with, if all before it were in order.
constexpr Act after(Expect expect, std::initializer_list<MessageType> messages) {
  Dialogue dialogue(expect);
  Act last = Act::out_of_order;
  for (const MessageType type : messages) {
    last = dialogue.on(type);
    if (last == Act::out_of_order) return last;
  }
  return last;
}

constexpr Act kWrong = Act::out_of_order;

static_assert(after(kNothing, {ready}) == Act::finish);
static_assert(after(kAll, {want_mount_source}) == Act::send_mount_source);
static_assert(after(kAll, {want_mount_source, want_mount_source}) == Act::send_mount_source);
static_assert(after(kAll, {want_hooks}) == Act::run_hooks);
static_assert(after(kAll, {want_hooks, console}) == Act::take_console);
static_assert(after(kAll, {console, want_hooks, want_filter}) == Act::send_filter);
static_assert(after(kAll, {want_mount_source, want_hooks, console, want_filter, ready}) ==
              Act::finish);

constexpr Expect kAttach{.hooks = true, .attachment = true, .filter = true};
static_assert(after(kAttach, {want_hooks, attaching}) == Act::note_attachment);
static_assert(after(kAttach, {want_hooks, attaching, want_filter, ready}) == Act::finish);
static_assert(after(kAttach, {attaching}) == kWrong);
static_assert(after(kAttach, {want_hooks, attaching, attaching}) == kWrong);
static_assert(after(kAttach, {want_hooks, want_filter, ready}) == kWrong);
static_assert(after(kAll, {want_hooks, console, attaching}) == kWrong);

constexpr Expect kNotify{.filter = true, .listener = true};
static_assert(after(kNotify, {want_filter, listener}) == Act::take_listener);
static_assert(after(kNotify, {want_filter, listener, ready}) == Act::finish);
static_assert(after(kNotify, {want_filter, ready}) == kWrong);
static_assert(after(kNotify, {listener}) == kWrong);
static_assert(after(kNotify, {want_filter, listener, listener}) == kWrong);
static_assert(after({.filter = true}, {want_filter, listener}) == kWrong);

// A bridge that only joins is heard first, then init.
constexpr Expect kBridged{.hooks = true, .birth = Birth::bridged_first};
static_assert(after(kBridged, {born}) == Act::meet_child);
static_assert(after(kBridged, {born, want_hooks, ready}) == Act::finish);
static_assert(after(kBridged, {want_hooks}) == kWrong);
static_assert(after(kBridged, {ready}) == kWrong);
static_assert(after(kBridged, {warning}) == kWrong);
static_assert(after(kBridged, {born, born}) == kWrong);
static_assert(after(kBridged, {failed}) == Act::fail);

// The bridge of an exec does all that there is to do, and the child that is then seen in the
// container is heard for its end alone.
constexpr Expect kExec{.console = true, .filter = true, .birth = Birth::bridged_last};
static_assert(after(kExec, {console, want_filter, born}) == Act::meet_child);
static_assert(after(kExec, {console, want_filter, born, ready}) == Act::finish);
static_assert(after(kExec, {console, want_filter, born, failed}) == Act::fail);
static_assert(after(kExec, {born}) == kWrong);
static_assert(after(kExec, {console, born}) == kWrong);
static_assert(after(kExec, {console, want_filter, ready}) == kWrong);
static_assert(after(kExec, {console, want_filter, born, born}) == kWrong);
static_assert(after(kExec, {console, want_filter, born, console}) == kWrong);
static_assert(after(kExec, {console, want_filter, born, want_filter}) == kWrong);
static_assert(after(kExec, {console, want_filter, born, want_mount_source}) == kWrong);
static_assert(after(kExec, {console, want_filter, born, want_hooks}) == kWrong);
static_assert(after(kExec, {console, want_filter, born, warning}) == kWrong);
static_assert(after(kExec, {console, want_filter, born, debug}) == kWrong);
static_assert(after({.birth = Birth::bridged_last}, {ready}) == kWrong);

// A builder makes its user namespace itself, so that its ids are the first thing that it asks for;
// then all that init would, and after the birth of init nothing.
constexpr Expect kBuilder{.id_maps = true,
                          .mount_sources = true,
                          .hooks = true,
                          .attachment = true,
                          .birth = Birth::bridged_last};
static_assert(after(kBuilder, {want_id_maps}) == Act::write_id_maps);
static_assert(after(kBuilder, {want_id_maps, want_mount_source, want_hooks, attaching, born,
                               ready}) == Act::finish);
static_assert(after(kBuilder, {want_id_maps, want_id_maps}) == kWrong);
static_assert(after(kBuilder, {want_mount_source}) == kWrong);
static_assert(after(kBuilder, {want_hooks}) == kWrong);
static_assert(after(kBuilder, {failed}) == Act::fail);
static_assert(after(kBuilder, {want_id_maps, want_hooks, born}) == kWrong);
static_assert(after(kBuilder, {want_id_maps, born}) == kWrong);
static_assert(after(kAll, {want_id_maps}) == kWrong);
constexpr Expect kHooked{.hooks = true, .container_hooks = true, .birth = Birth::bridged_last};
static_assert(after(kHooked, {want_hooks, want_container_hooks}) == Act::run_container_hooks);
static_assert(after(kHooked, {want_hooks, want_container_hooks, born, ready}) == Act::finish);
static_assert(after(kHooked, {want_container_hooks}) == kWrong);
static_assert(after(kHooked, {want_hooks, born}) == kWrong);
static_assert(after(kHooked, {want_hooks, want_container_hooks, want_container_hooks}) == kWrong);
static_assert(after(kAll, {want_container_hooks}) == kWrong);
constexpr Expect kMounts{.mount_sources = true, .birth = Birth::bridged_last};
static_assert(after(kMounts, {born, ready}) == Act::finish);
static_assert(after(kMounts, {born, want_mount_source}) == kWrong);

// Its filter is loaded by the one or, where it would not let that one finish, the other.
constexpr Expect kExecNotify{.filter = true, .listener = true, .birth = Birth::bridged_last};
static_assert(after(kExecNotify, {want_filter, listener, born, ready}) == Act::finish);
static_assert(after(kExecNotify, {want_filter, born, listener}) == Act::take_listener);
static_assert(after(kExecNotify, {want_filter, born, listener, ready}) == Act::finish);
static_assert(after(kExecNotify, {want_filter, born, ready}) == kWrong);
static_assert(after(kExecNotify, {want_filter, listener, born, listener}) == kWrong);

// Only where there is a bridge.
static_assert(after(kNothing, {born}) == kWrong);

// Nothing that the plan does not ask for.
static_assert(after(kNothing, {want_hooks}) == kWrong);
static_assert(after(kNothing, {console}) == kWrong);
static_assert(after(kNothing, {want_filter}) == kWrong);
static_assert(after(kNothing, {want_mount_source}) == kWrong);

// Nothing twice, and nothing after the end.
static_assert(after(kAll, {want_hooks, want_hooks}) == kWrong);
static_assert(after(kAll, {console, console}) == kWrong);
static_assert(after(kAll, {want_hooks, console, want_filter, want_filter}) == kWrong);
static_assert(after(kNothing, {ready, ready}) == kWrong);
static_assert(after(kAll, {want_hooks, console, want_filter, ready, want_mount_source}) == kWrong);

// Mounts before the hooks, which may look at them.
static_assert(after(kAll, {want_hooks, want_mount_source}) == kWrong);

// Nothing expected may be passed over: a container without its hooks or filter must not become
// ready.
static_assert(after(kAll, {want_filter}) == kWrong);
static_assert(after(kAll, {want_hooks, want_filter}) == kWrong);
static_assert(after({.hooks = true}, {ready}) == kWrong);
static_assert(after({.console = true}, {ready}) == kWrong);
static_assert(after({.filter = true}, {ready}) == kWrong);

// A failure is legal at any time.
static_assert(after(kAll, {failed}) == Act::fail);
static_assert(after(kAll, {want_hooks, failed}) == Act::fail);
static_assert(after(kNothing, {ready, failed}) == Act::fail);

// What main says, and what the channel keeps from us, is never init's to send here.
static_assert(after(kAll, {proceed}) == kWrong);
static_assert(after(kAll, {hooks_done}) == kWrong);
static_assert(after(kBuilder, {id_maps_written}) == kWrong);
static_assert(after(kAll, {mount_source}) == kWrong);
static_assert(after(kAll, {filter}) == kWrong);
static_assert(after(kAll, {committed}) == kWrong);
static_assert(after(kAll, {listener_taken}) == kWrong);
static_assert(after(kAttach, {want_hooks, attachment_noted}) == kWrong);
static_assert(after(kAll, {warning}) == kWrong);
static_assert(after(kAll, {debug}) == kWrong);

TEST(Dialogue, ExpectsWhatThePlanHas) {
  plan::Plan plan;
  EXPECT_EQ(Dialogue(expect_of(plan)).on(ready), Act::finish);
  plan.process.terminal = true;
  EXPECT_TRUE(expect_of(plan).console);
  plan.seccomp.emplace();
  EXPECT_TRUE(expect_of(plan).filter);
  EXPECT_FALSE(expect_of(plan).listener);
  plan.seccomp->rules.push_back({{"mkdir"}, SeccompAction::notify, {}, {}, ""});
  EXPECT_TRUE(expect_of(plan).listener);
  EXPECT_TRUE(expect_of_exec(plan).listener);
  EXPECT_EQ(expect_of_exec(plan).birth, Birth::bridged_last);
  EXPECT_EQ(expect_of(plan).birth, Birth::cloned);
  EXPECT_EQ(expect_of_builder(plan, true).birth, Birth::bridged_last);
  EXPECT_FALSE(expect_of_builder(plan, true).id_maps);
  EXPECT_TRUE(expect_of_builder(plan, true).listener);
  EXPECT_FALSE(expect_of_builder(plan, false).container_hooks);
  plan.hooks[static_cast<std::size_t>(HookStage::create_container)].emplace_back();
  EXPECT_TRUE(expect_of_builder(plan, false).container_hooks);
  EXPECT_FALSE(expect_of_builder(plan, true).container_hooks);
  EXPECT_FALSE(expect_of(plan).container_hooks);
  plan.id_maps.emplace();
  EXPECT_FALSE(expect_of(plan).id_maps);
  EXPECT_TRUE(expect_of_builder(plan, true).id_maps);
  plan.root.is = plan::RootIs::attached;
  EXPECT_TRUE(expect_of(plan).attachment);
  plan.mounts.emplace_back();
  EXPECT_TRUE(expect_of(plan).mount_sources);
  plan.hooks[static_cast<std::size_t>(HookStage::create_runtime)].emplace_back();
  EXPECT_TRUE(expect_of(plan).hooks);
}

TEST(Dialogue, HooksOfTheContainerAreNotMains) {
  plan::Plan plan;
  plan.hooks[static_cast<std::size_t>(HookStage::create_container)].emplace_back();
  plan.hooks[static_cast<std::size_t>(HookStage::poststop)].emplace_back();
  EXPECT_FALSE(expect_of(plan).hooks);
}

}  // namespace
}  // namespace asylum::process
