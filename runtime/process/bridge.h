// SPDX-License-Identifier: Apache-2.0
// The short-lived process that joins a user namespace, from which there is no return, and clones
// init there. Init is main's child all the same (CLONE_PARENT). Runs in: main.
#pragma once

#include <vector>

#include "runtime/process/joins.h"
#include "runtime/sys/process.h"

namespace asylum::process {

struct BridgeRequest {
  const std::vector<Join>& joins;  // the user namespace first
  sys::CloneRequest clone;  // as without bridge; the cgroup is the bridge's, and init inherits it
  sys::ChildMain init;
  void* context;
};

/// Returns when the bridge is gone. Throws what it reported, or an explanation of its silence.
sys::Child clone_over_bridge(const BridgeRequest& request);

}  // namespace asylum::process
