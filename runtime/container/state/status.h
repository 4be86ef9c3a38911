// SPDX-License-Identifier: Apache-2.0
// What state a container is in. Nothing is believed that the kernel can be asked: lock, gate,
// process, cgroup.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/cgroup/cgroup.h"
#include "runtime/container/state/journal.h"
#include "runtime/container/state/record.h"
#include "runtime/sys/fd.h"

namespace asylum::container {

enum class Status : std::uint8_t { creating, created, running, paused, stopped };

std::string_view name_of(Status status);

/// What the kernel and the journal say.
struct StatusFacts {
  bool committed = false;  // create has succeeded
  bool locked = false;     // a live command holds the lock
  bool at_gate = false;    // init waits behind the start gate
  bool alive = false;      // init's pid with init's start time, and no zombie
  bool frozen = false;     // its cgroup
};

/// Pure; the table of tests/container.
Status decide_status(const StatusFacts& facts);

/// A container as found.
struct Observation {
  Status status = Status::stopped;
  bool interrupted = false;  // create was killed before it had succeeded
  Ledger ledger;
  std::optional<Record> record;  // nothing if create was killed before it was written
  bool is_leaving = false;       // its files are being removed, or a delete was killed at that
  // What is wrong with files of ours: "its record is missing"; "" = nothing. All that is left to do
  // then is delete --force, which uses what could be read.
  std::string damage;
  bool is_damaged() const { return !damage.empty(); }
  /// Of its first process; before that is born, of what builds the container.
  pid_t pid() const {
    if (status == Status::stopped) return 0;
    const auto& process = ledger.init ? ledger.init : ledger.builder;
    return process ? process->pid : 0;
  }
};

enum class LockView : std::uint8_t { ask, held_by_us };

/// Never blocks; no file in the directory, whatever it is, makes it fail. `held_by_us`: the caller
/// holds the lock, so no other command works on the container.
Observation observe(int state_directory, const std::string& id, LockView view = LockView::ask);
/// observe(), for all commands but delete and list: throws not_found for a container whose files a
/// delete is removing.
Observation observe_existing(int state_directory, const std::string& id,
                             LockView view = LockView::ask);

/// The process with this identity, if it (or its zombie) is there.
std::optional<sys::Fd> try_open_process(const ProcessIdentity& identity);
/// The same, and neither zombie nor dead.
bool is_alive(const ProcessIdentity& identity);

/// Its cgroup, if it has one and it is still the one that was made.
std::optional<cgroup::Cgroup> find_cgroup(const Ledger& ledger);

}  // namespace asylum::container
