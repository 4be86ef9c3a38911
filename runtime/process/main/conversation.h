// SPDX-License-Identifier: Apache-2.0
// Main's half of the dialogue, from the clone to `ready`. With a bridge it is held with two
// processes, one after the other. Runs in: main.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "runtime/process/both/channel.h"
#include "runtime/process/main/dialogue.h"
#include "runtime/process/main/launch.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {

/// Where main's clone was born.
enum class Birthplace : std::uint8_t {
  cgroup,   // in the request's cgroup, or there is none
  outside,  // in main's: what a bridge clones last is moved into the request's
};

class Conversation {
 public:
  /// `first`: what main cloned; the bridge if there is one.
  Conversation(const LaunchRequest& request, const Duties& duties, Expect expect,
               Birthplace birthplace, ParentChannel& channel, sys::Child first);

  /// Returns the process that is ready. Whatever throws, the one that main listens to is killed and
  /// reaped first; a child of a bridge that main has not heard of ends when the channel closes.
  sys::Child hold();

 private:
  void hold_to_the_end();
  void begin();
  Message receive();
  void act(Act act, Message& message);
  void meet_child(pid_t pid);
  void run_hooks_for_builder();
  void complete_from_outside();
  void take_console(Message& message);
  void take_listener(int number);
  void hand_listener_over();
  [[noreturn]] void explain_silence();

  const LaunchRequest& request_;
  const Duties& duties_;
  const Birth birth_;
  const Birthplace birthplace_;
  ParentChannel& channel_;
  sys::Child partner_;  // the one that speaks
  bool is_bridge_;
  Dialogue dialogue_;
  sys::Fd filter_;
  sys::Fd listener_;
};

}  // namespace asylum::process
