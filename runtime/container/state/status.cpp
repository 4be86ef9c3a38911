// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/status.h"

#include <utility>

#include "runtime/base/text.h"
#include "runtime/cgroup/driver.h"
#include "runtime/container/state/container_lock.h"
#include "runtime/container/state/state_store.h"
#include "runtime/process/main/open_gate.h"
#include "runtime/sys/own_file.h"
#include "runtime/sys/process/proc_text.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/procfs.h"

namespace asylum::container {
namespace {

std::optional<sys::ProcessStat> read_stat(pid_t pid) {
  const auto text = sys::Procfs::open_host().try_read(cat(pid, "/stat"));
  return text ? sys::parse_stat(*text) : std::nullopt;
}

/// A gate that is none of ours has nobody behind it.
bool is_at_gate(int state_directory, pid_t init) {
  try {
    return process::is_init_at_gate(state_directory, init);
  } catch (const Error& error) {
    if (sys::is_shortage(error.err)) throw;
    return false;
  }
}

/// The two records of a container's cgroup made one.
void complete_ledger(Ledger& ledger, const Record& record) {
  if (!record.cgroup || (ledger.cgroup && ledger.cgroup->directory.inode != 0)) return;
  if (record.boot_id == boot_id()) ledger.cgroup = record.cgroup;
}

/// Record and journal of the container, and what is wrong with them.
Observation read_files(int state_directory, const std::string& id) {
  Observation seen;
  // Create writes them in the other order: whoever has found a record finds a journal.
  SeenRecord record = load_record(state_directory, id);
  seen.ledger = load_ledger(state_directory, id);
  if (seen.ledger.committed && !record.record) record = load_record(state_directory, id);
  seen.record = std::move(record.record);
  seen.damage = !seen.ledger.damage.empty() ? seen.ledger.damage : record.damage;
  if (!seen.record && seen.ledger.committed && seen.damage.empty()) {
    seen.damage = "its record is missing";
  }
  if (!seen.record) return seen;
  if (seen.ledger.is_empty && seen.damage.empty()) seen.damage = "its journal is missing";
  complete_ledger(seen.ledger, *seen.record);
  return seen;
}

}  // namespace

std::string_view name_of(Status status) {
  switch (status) {
    case Status::creating:
      return "creating";
    case Status::created:
      return "created";
    case Status::running:
      return "running";
    case Status::paused:
      return "paused";
    case Status::stopped:
      return "stopped";
  }
  return "stopped";
}

Status decide_status(const StatusFacts& facts) {
  if (!facts.committed) return facts.locked ? Status::creating : Status::stopped;
  if (!facts.alive) return Status::stopped;
  if (facts.frozen) return Status::paused;  // a created one too, as runc
  return facts.at_gate ? Status::created : Status::running;
}

std::optional<sys::Fd> try_open_process(const ProcessIdentity& identity) {
  if (identity.pid <= 0) return std::nullopt;
  auto pidfd = sys::try_open_pidfd(identity.pid);
  if (!pidfd) return std::nullopt;
  // After the open: what has this pid and this start time now is what the descriptor refers to.
  const auto stat = read_stat(identity.pid);
  if (!stat || stat->start_time_ticks != identity.start_time_ticks) return std::nullopt;
  return pidfd;
}

bool is_alive(const ProcessIdentity& identity) {
  if (identity.pid <= 0) return false;
  const auto stat = read_stat(identity.pid);
  return stat && stat->start_time_ticks == identity.start_time_ticks && !stat->is_dead();
}

std::optional<cgroup::Cgroup> find_cgroup(const Ledger& ledger) {
  if (!ledger.cgroup || !ledger.is_of_this_boot) return std::nullopt;
  return cgroup::make_driver(ledger.cgroup->manager)->find(*ledger.cgroup);
}

Observation observe(int state_directory, const std::string& id, LockView view) {
  StatusFacts facts;
  // Before the journal: create commits first and gives the lock back afterwards, so a free lock and
  // no commit means that it was killed.
  facts.locked = view == LockView::ask && is_locked(state_directory);
  Observation seen = read_files(state_directory, id);
  facts.committed = seen.ledger.committed;
  if (facts.committed && seen.ledger.init && seen.ledger.is_of_this_boot) {
    facts.alive = is_alive(*seen.ledger.init);
    facts.at_gate = facts.alive && is_at_gate(state_directory, seen.ledger.init->pid);
    if (facts.alive) {
      const auto cgroup = find_cgroup(seen.ledger);
      facts.frozen = cgroup && cgroup->is_frozen();
    }
  }
  seen.status = decide_status(facts);
  seen.interrupted = !facts.committed && !facts.locked;
  // Half the files are gone: of a delete, and not of a create that has not made them yet?
  if (!facts.committed || seen.is_damaged()) seen.is_leaving = is_leaving(state_directory);
  return seen;
}

Observation observe_existing(int state_directory, const std::string& id, LockView view) {
  Observation seen = observe(state_directory, id, view);
  if (seen.is_leaving) throw_does_not_exist(id);
  return seen;
}

}  // namespace asylum::container
