// SPDX-License-Identifier: Apache-2.0
// Namespaces that the container joins by path: who can join which, and when (design §6). Main
// itself joins none: one of the initial user namespace cannot be entered again from another, so
// there would be no way back. Runs in: main; join_all() in init and in the bridge.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/base/oci_words.h"
#include "runtime/sys/fd.h"

namespace asylum::plan {
struct Plan;
}

namespace asylum::process {

/// An open namespace file of the plan, or a pidfd and the namespaces of that process.
struct Join {
  NamespaceType type{};
  sys::Fd fd;
  std::string path;
  std::string pointer;
  std::uint64_t of_process = 0;  // CLONE_NEW*: fd is a pidfd, and all of these are joined at once
};

enum class UserNamespaceIs : std::uint8_t { none, made, joined };
enum class Joiner : std::uint8_t {
  bridge_outside,  // with the host's power, before it joins a user namespace or makes init's
  bridge_inside,   // in the joined user namespace, or that itself
  init,            // after the clone
  builder_last,    // what is built outside of a pid namespace, when it clones what is born in it
  nobody,          // the kernel has no way
};

/// Who can join a namespace of this type. `owned`: by the user namespace that is being joined.
/// Pure.
///
/// A namespace that the host owns cannot be joined from within another user namespace, one that the
/// joined user namespace owns can be joined only after it. A pid namespace holds for children
/// alone: it is joined at the end, unless the power for it is lost on the way there.
Joiner who_joins(NamespaceType type, UserNamespaceIs user_namespace, bool owned);

/// All joins of a plan, sorted by who makes them, each in order.
struct Joins {
  std::vector<Join> by_bridge;  // before it clones init; none: there need not be a bridge
  std::vector<Join> by_init;    // the mount namespace last
  // A mount namespace that init enters when the root that it built can be attached there.
  std::optional<Join> at_the_end;

  // With a pid namespace that is joined there is a builder, which makes all the joins and becomes
  // no member of that one. Whichever way it is joined, it is open here, for a new proc.
  sys::Fd pid_namespace;
  std::optional<Join> by_builder_last;
  bool need_builder() const { return static_cast<bool>(pid_namespace); }
};

/// Opens every path and proves that it is a namespace of its type. Throws with the pointer of the
/// path.
Joins open_joins(const plan::Plan& plan);

/// All namespaces that the plan names but those in `without` (CLONE_NEW*), as process `pid` has
/// them: what exec joins, in one setns(2) by its pidfd. The kernel looks at the privilege for all
/// of them before it enters the first, so it does not matter who owns which.
std::vector<Join> joins_of_process(const plan::Plan& plan, pid_t pid, int pidfd,
                                   std::uint64_t without = 0);

/// setns(2) of each, in order. Throws with the pointer.
void join_all(std::span<const Join> joins);

}  // namespace asylum::process
