// SPDX-License-Identifier: Apache-2.0
// The verb delete.
#include "runtime/container/verbs/remove.h"

#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/state/container_lock.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/state/state_store.h"
#include "runtime/container/state/undo.h"
#include "runtime/container/state/verb.h"
#include "runtime/process/both/start_gate.h"
#include "runtime/sys/fifo.h"
#include "runtime/sys/file.h"

namespace asylum::container {
namespace {

void check_removable(const std::string& id, const Observation& seen) {
  if (seen.is_leaving) return;  // whoever gets the lock knows more
  // What has lost its journal may run without our knowing.
  if (seen.is_damaged()) throw_damaged(id, seen.damage);
  check_legal(Verb::remove, seen.status, id);
}

void remove_open(const StateStore& store, const std::string& id, int directory, bool force) {
  if (!force) check_removable(id, observe(directory, id));
  if (force) ContainerLock::discard_false(directory);
  const ContainerLock lock = ContainerLock::take(directory, id, sys::Deadline::patience());
  // Whoever held the lock before us was killed while it removed the files: all else is done.
  if (is_leaving(directory)) return store.remove(id);
  const Observation seen = observe(directory, id, LockView::held_by_us);
  if (!force) check_removable(id, seen);
  destroy(store, id, directory, seen);
}

/// Its files are another's words: nothing is killed, removed or executed for them.
void remove_distrusted(const StateStore& store, const std::string& id, const std::string& why) {
  log::warning(cat("the state directory of container ", quote(id), " ", why,
                   " and is not believed: it is removed, and processes and a cgroup of the "
                   "container, if there are any, are not"));
  store.remove(id);
}

/// Whether somebody waits at the gate, without knowing who.
bool has_reader(int state_directory) {
  try {
    return sys::try_open_fifo_writer(state_directory, process::kGoName).has_value();
  } catch (const Error&) {
    return false;  // no gate of ours
  }
}

/// What the damaged files would have told and nothing else does.
void warn_of_unknown(const std::string& id, int state_directory, const Observation& seen) {
  log::warning(cat("the state of container ", quote(id), " is damaged: ", seen.damage));
  if (!seen.ledger.cgroup && !seen.ledger.init) {
    log::warning(cat("no record of container ", quote(id), " names its cgroup or first process: ",
                     has_reader(state_directory) ? "a process of it waits for start, and is left"
                                                 : "if any process of it lives, it is left"));
  }
}

}  // namespace

void destroy(const StateStore& store, const std::string& id, int state_directory,
             const Observation& seen) {
  Step step{cat("delete container ", id)};
  if (seen.is_leaving) return store.remove(id);
  if (seen.is_damaged()) warn_of_unknown(id, state_directory, seen);
  undo_effects(state_directory, seen.ledger, sys::Deadline::patience());
  // Hooks of a create that was killed before any could run have nothing to clean up after. A lost
  // journal does not say so: to clean up in vain is the lesser evil.
  const bool began = seen.ledger.committed || seen.ledger.hooks_begun || seen.is_damaged();
  if (seen.record && began) run_poststop_hooks(*seen.record);
  store.remove(id);
}

void remove(const Settings& settings, const std::string& id, bool force) {
  const StateStore store(settings);
  if (force) {
    const std::string why = store.distrust(id);
    if (!why.empty()) return remove_distrusted(store, id, why);
  }
  const auto directory = store.try_open(id);
  if (!directory) {
    if (force) return;
    throw_does_not_exist(id);
  }
  try {
    remove_open(store, id, directory->get(), force);
  } catch (const Error& error) {
    if (!force || error.kind != ErrorKind::not_found) throw;
    // Another delete was faster, or killed after it had removed the lock.
    if (sys::status_of(directory->get()).st_nlink != 0) store.remove(id);
  }
}

}  // namespace asylum::container
