// SPDX-License-Identifier: Apache-2.0
// The order of the dialogue as a value: what main does with each message of init. No descriptor, no
// waiting. The loop around it (launch.cpp) is: receive → on() → act → reply. Its tests are
// static_asserts. Runs in: main.
#pragma once

#include <cstdint>

#include "runtime/plan/types/plan.h"
#include "runtime/process/both/message.h"
#include "runtime/seccomp/words.h"

namespace asylum::process {

/// When the process that becomes the program exists.
enum class Birth : std::uint8_t {
  cloned,         // main's own clone is it
  bridged_first,  // by a bridge that has only joined namespaces: then the dialogue begins
  bridged_last,   // by a bridge that has set everything up: only `ready` is left
};

/// What this plan makes init ask for. An answer that was not expected is as wrong as one out of
/// order.
struct Expect {
  bool id_maps = false;          // of the user namespace that a builder makes
  bool mount_sources = false;    // descriptors for idmapped or unreadable sources
  bool hooks = false;            // prestart or createRuntime
  bool container_hooks = false;  // createContainer, of a builder that must not run them itself
  bool console = false;
  bool attachment = false;  // of the root in a joined mount namespace
  bool filter = false;      // seccomp
  bool listener = false;    // a rule of it notifies
  Birth birth = Birth::cloned;
};

inline Expect expect_of(const plan::Plan& plan) {
  Expect expect;
  expect.mount_sources = !plan.mounts.empty();
  expect.hooks = !plan.hooks_of(HookStage::prestart).empty() ||
                 !plan.hooks_of(HookStage::create_runtime).empty();
  expect.console = plan.process.terminal;
  expect.attachment = plan.root.is == plan::RootIs::attached;
  expect.filter = plan.seccomp.has_value();
  expect.listener = plan.seccomp && seccomp::uses_notify(*plan.seccomp);
  return expect;
}

/// The builder of a container in a joined pid namespace makes the other namespaces itself.
inline Expect expect_of_builder(const plan::Plan& plan, bool may_run_hooks) {
  Expect expect = expect_of(plan);
  expect.id_maps = plan.id_maps.has_value();
  expect.container_hooks = !may_run_hooks && !plan.hooks_of(HookStage::create_container).empty();
  expect.birth = Birth::bridged_last;
  return expect;
}

/// An exec makes no mounts and runs no hooks.
inline Expect expect_of_exec(const plan::Plan& plan) {
  Expect expect;
  expect.console = plan.process.terminal;
  expect.filter = plan.seccomp.has_value();
  expect.listener = plan.seccomp && seccomp::uses_notify(*plan.seccomp);
  expect.birth = Birth::bridged_last;
  return expect;
}

enum class Act : std::uint8_t {
  write_id_maps,
  send_mount_source,
  run_hooks,
  run_container_hooks,
  take_console,
  note_attachment,
  send_filter,
  take_listener,
  meet_child,    // the bridge has done its work
  finish,        // init is ready
  fail,          // throw the Error that it carries
  out_of_order,  // a promise of our own code is broken: kill and throw
};

/// What is expected comes exactly once: id maps, mount sources (any number), then hooks and console
/// in the order that the step table has them, then the filter, its listener, then ready. A process
/// that the container may have got hold of (born of a bridge, last) is heard for `ready`, `failed`
/// and the listener alone.
class Dialogue {
 public:
  constexpr explicit Dialogue(Expect expect) : open_(expect) {}

  constexpr Act on(MessageType type) {
    if (type == MessageType::failed) return Act::fail;
    if (over_ || !may_speak_of(type)) return Act::out_of_order;
    switch (type) {
      case MessageType::want_id_maps:
        if (!open_.id_maps) return Act::out_of_order;
        open_.id_maps = false;
        return Act::write_id_maps;
      case MessageType::want_mount_source:
        return open_.mount_sources ? Act::send_mount_source : Act::out_of_order;
      case MessageType::want_hooks:
        return once(open_.hooks, Act::run_hooks);
      case MessageType::want_container_hooks:
        return open_.hooks ? Act::out_of_order
                           : once(open_.container_hooks, Act::run_container_hooks);
      case MessageType::console:
        return once(open_.console, Act::take_console);
      case MessageType::attaching:
        return is_settled() ? once(open_.attachment, Act::note_attachment) : Act::out_of_order;
      case MessageType::want_filter:
        return is_settled() ? once(open_.filter, Act::send_filter) : Act::out_of_order;
      case MessageType::listener:
        return is_settled() && !open_.filter ? once(open_.listener, Act::take_listener)
                                             : Act::out_of_order;
      case MessageType::born:
        return be_born();
      case MessageType::ready:
        over_ = is_settled() && !open_.attachment && !open_.filter && !open_.listener &&
                !is_unborn(Birth::bridged_last);
        return over_ ? Act::finish : Act::out_of_order;
      case MessageType::proceed:
      case MessageType::id_maps_written:
      case MessageType::hooks_done:
      case MessageType::mount_source:
      case MessageType::filter:
      case MessageType::attachment_noted:
      case MessageType::listener_taken:
      case MessageType::committed:
      case MessageType::failed:
      case MessageType::warning:
      case MessageType::debug:
        return Act::out_of_order;
    }
    return Act::out_of_order;
  }

  constexpr bool is_over() const { return over_; }

 private:
  constexpr bool is_unborn(Birth how) const { return open_.birth == how; }

  // Before the child of a bridge, and before the ids of a builder, there is nothing to be said.
  constexpr bool may_speak_of(MessageType type) const {
    if (is_unborn(Birth::bridged_first)) return type == MessageType::born;
    return !open_.id_maps || type == MessageType::want_id_maps;
  }

  constexpr Act be_born() {
    const bool in_order =
        is_unborn(Birth::bridged_first) ||
        (is_unborn(Birth::bridged_last) && is_settled() && !open_.attachment && !open_.filter);
    if (!in_order) return Act::out_of_order;
    if (is_unborn(Birth::bridged_last)) open_.mount_sources = false;
    open_.birth = Birth::cloned;
    return Act::meet_child;
  }

  constexpr bool is_settled() const {
    return !open_.hooks && !open_.container_hooks && !open_.console;
  }

  constexpr Act once(bool& expected, Act act) {
    if (!expected) return Act::out_of_order;
    expected = false;
    open_.mount_sources = false;  // all mounts are done by now
    return act;
  }

  Expect open_;  // what may or must still come
  bool over_ = false;
};

}  // namespace asylum::process
