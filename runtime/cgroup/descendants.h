// SPDX-License-Identifier: Apache-2.0
// Walking the cgroups below one. How many there are and how deep is the container's choice, not
// ours: without recursion, and with two descriptors for any depth and breadth.
#pragma once

#include <functional>
#include <string>

namespace asylum::cgroup {

/// `enter` gets an open directory before what is below it, `leave` its parent and its name after
/// that; `top` itself is entered and not left. Those that are removed meanwhile are passed over.
/// Throws what the two throw.
struct Visit {
  std::function<void(int directory)> enter;
  std::function<void(int parent, const std::string& name)> leave;
};
void walk_descendants(int top, const Visit& visit);

}  // namespace asylum::cgroup
