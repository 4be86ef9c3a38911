// SPDX-License-Identifier: Apache-2.0
// The verb delete.
#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/container.h"
#include "runtime/container/container_lock.h"
#include "runtime/container/removing.h"
#include "runtime/container/state_store.h"
#include "runtime/container/undo.h"

namespace asylum::container {
namespace {

constexpr std::int64_t kLockTimeoutMs = 10'000;
constexpr std::int64_t kKillTimeoutMs = 10'000;

void check_removable(const std::string& id, Status status) {
  if (status == Status::stopped || status == Status::created) return;
  throw Error(ErrorKind::wrong_state,
              cat("cannot delete container ", id, " that is not stopped: ", name_of(status)))
      .with_hint("kill it first, or use delete --force");
}

void remove_open(const StateStore& store, const std::string& id, int directory, bool force) {
  if (!force) check_removable(id, observe(directory).status);
  const ContainerLock lock =
      ContainerLock::take(directory, id, sys::Deadline::after_ms(kLockTimeoutMs));
  const Observation seen = observe(directory, LockView::held_by_us);
  if (!force) check_removable(id, seen.status);
  destroy(store, id, directory, seen);
}

}  // namespace

void destroy(const StateStore& store, const std::string& id, int state_directory,
             const Observation& seen) {
  Step step{cat("delete container ", id)};
  undo_effects(state_directory, seen.ledger, sys::Deadline::after_ms(kKillTimeoutMs));
  // Hooks of a create that was killed before any could run have nothing to clean up after.
  if (seen.record && (seen.ledger.committed || seen.ledger.hooks_begun)) {
    run_poststop_hooks(*seen.record);
  }
  store.remove(id);
}

void remove(const Settings& settings, const std::string& id, bool force) {
  const StateStore store(settings);
  const auto directory = store.try_open(id);
  if (!directory) {
    if (force) return;
    throw_does_not_exist(id);
  }
  try {
    remove_open(store, id, directory->get(), force);
  } catch (const Error& error) {
    // Another delete was faster.
    if (!force || error.kind != ErrorKind::not_found) throw;
  }
}

}  // namespace asylum::container
