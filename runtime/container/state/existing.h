// SPDX-License-Identifier: Apache-2.0
// A container that exists, as a command finds it: its directory, what state it is in, its first
// process, its cgroup and its config. Every verb but create, run and list begins with one.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include "runtime/cgroup/cgroup.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/state/status.h"
#include "runtime/container/state/verb.h"
#include "runtime/sys/fd.h"
#include "spec/json/tree.h"

namespace asylum::container {

class Container {
 public:
  /// Throws not_found: "container does not exist".
  Container(const Settings& settings, std::string id);
  /// Its directory only, not looked into yet: for who takes the lock first.
  static Container unseen(const Settings& settings, std::string id);

  /// What it is now. Throws not_found for one that has been deleted.
  void look(LockView view = LockView::ask);
  /// Throws what the verb says in this state (verb.h), and for a container with damaged files.
  void require(Verb verb) const;
  /// Throws for damaged files only: for what is legal in every state.
  void require_whole() const;

  const std::string& id() const { return id_; }
  int directory() const { return directory_.get(); }
  Status status() const { return seen_.status; }
  const Ledger& ledger() const { return seen_.ledger; }
  const Observation& seen() const { return seen_; }
  /// Only of a container that require() has let pass.
  const Record& record() const { return *seen_.record; }
  Record& record() { return *seen_.record; }
  pid_t init_pid() const { return seen_.ledger.init->pid; }

  /// The pidfd of its first process. One that has ended meanwhile makes the verb illegal, in the
  /// words for a stopped container.
  sys::Fd init_for(Verb verb) const;
  /// Nothing if it has none, or it is no longer the one that was made.
  std::optional<cgroup::Cgroup> try_cgroup() const { return find_cgroup(seen_.ledger); }
  /// Throws unsupported. `lack`: what a container without one cannot have, "so no freezer".
  cgroup::Cgroup cgroup(std::string_view lack) const;
  /// As it was at create, but for updated limits.
  spec::Document config() const;

 private:
  Container(sys::Fd directory, std::string id)
      : id_(std::move(id)), directory_(std::move(directory)) {}

  std::string id_;
  sys::Fd directory_;
  Observation seen_;
};

}  // namespace asylum::container
