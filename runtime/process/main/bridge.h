// SPDX-License-Identifier: Apache-2.0
// The short-lived process that joins namespaces main must not be in (there is no return from a user
// namespace, nor to one of the host's from within another) and clones init there. Init is main's
// child all the same (CLONE_PARENT). Runs in: the bridge; the bridge of exec is exec_steps.h.
#pragma once

#include <span>

#include "runtime/process/both/channel.h"
#include "runtime/process/both/joins.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {

/// What the bridge clones when it has joined. `clone` is as without a bridge, but that the cgroup
/// is the bridge's own, which init inherits.
struct Crossing {
  std::span<const Join> joins;
  sys::CloneRequest clone;
  sys::ChildMain init;
  void* context;
};

/// Tells main `born`, or what failed, and ends.
[[noreturn]] void cross(const Crossing& crossing, ChildChannel& channel) noexcept;

}  // namespace asylum::process
