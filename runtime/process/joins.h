// SPDX-License-Identifier: Apache-2.0
// Namespaces that the container joins by path: who can join which, and when (design §6).
// Runs in: main; join_all() also in init and in the bridge.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/plan/plan.h"
#include "runtime/sys/fd.h"

namespace asylum::process {

/// An open namespace file of the plan, or a pidfd and the namespaces of that process.
struct Join {
  plan::NamespaceType type{};
  sys::Fd fd;
  std::string path;
  std::string pointer;
  std::uint64_t of_process = 0;  // CLONE_NEW*: fd is a pidfd, and all of these are joined at once
};

enum class UserNamespaceIs : std::uint8_t { none, made, joined };
enum class Joiner : std::uint8_t {
  main,    // for the time of the clone, then it returns
  child,   // the process that is in the user namespace: init, or the bridge
  nobody,  // the kernel has no way
};

/// Who can join a namespace of this type. `owned`: by the user namespace that is being joined.
/// Pure.
///
/// A namespace that the host owns cannot be joined from within another user namespace, one that the
/// joined user namespace owns can be joined only after it. A pid namespace holds for children
/// alone, so it comes before the clone. Main never enters a mount namespace: it would not get its
/// root and working directory back.
Joiner who_joins(plan::NamespaceType type, UserNamespaceIs user_namespace, bool owned);

/// All joins of a plan, sorted by who makes them.
struct Joins {
  std::vector<Join> by_main;
  std::vector<Join> by_child;  // the user namespace first, the mount namespace last
  // A mount namespace that init enters when the root that it built can be attached there.
  std::optional<Join> at_the_end;
  sys::Fd root;               // to be the root after the joins; none: that of the mount namespace
  bool needs_bridge = false;  // a user namespace, or a pid namespace that it owns
};

/// Opens every path and proves that it is a namespace of its type. Throws with the pointer of the
/// path.
Joins open_joins(const plan::Plan& plan);

/// All namespaces that the plan names, as process `pid` has them: what exec joins, in one setns(2)
/// by its pidfd (and one before the clone for the pid namespace, which holds for children alone).
/// `root` is the process's own, where a mount namespace does not tell it.
Joins joins_of_process(const plan::Plan& plan, pid_t pid, int pidfd);

/// setns(2) of each, in order. Throws with the pointer.
void join_all(std::span<const Join> joins);

/// Main's excursion: its own namespaces of these types are kept open, entered again by leave().
class Excursion {
 public:
  explicit Excursion(const std::vector<Join>& joins);
  /// Throws if main cannot return: then nothing more may be done by this process.
  void leave();

 private:
  std::vector<Join> own_;
};

}  // namespace asylum::process
