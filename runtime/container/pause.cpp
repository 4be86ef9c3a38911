// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/pause.h"

#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/cgroup_lock.h"
#include "runtime/container/state_store.h"
#include "runtime/container/status.h"
#include "runtime/sys/poll.h"

namespace asylum::container {
namespace {

constexpr std::int64_t kTimeoutMs = 10'000;

/// The cgroup of a container in this state, and the lock that keeps it there: a pause whose
/// container is resumed meanwhile would wait for the freezer in vain.
struct Freezer {
  sys::Fd lock;
  cgroup::Cgroup cgroup;
};

Freezer freezer_in(Status wanted, const char* otherwise, const Settings& settings,
                   const std::string& id) {
  const sys::Fd directory = StateStore(settings).open(id);
  const auto check = [&](const Observation& seen) {
    if (seen.is_damaged()) throw_damaged(id, seen.damage);
    if (seen.status == wanted) return;
    if (wanted == Status::running && seen.status == Status::created) return;
    throw Error(ErrorKind::wrong_state, otherwise)
        .with_hint(cat("the container is in the ", name_of(seen.status), " state"));
  };
  check(observe_existing(directory.get(), id));  // nothing is made for who is refused
  sys::Fd lock = lock_cgroup(directory.get(), id);
  const Observation seen = observe_existing(directory.get(), id);
  check(seen);
  auto cgroup = find_cgroup(seen.ledger);
  if (!cgroup) {
    throw Error(ErrorKind::unsupported, "the container has no cgroup, and so no freezer")
        .with_hint("create it without --cgroup-manager disabled");
  }
  return {std::move(lock), std::move(*cgroup)};
}

}  // namespace

void pause(const Settings& settings, const std::string& id) {
  const Step step{cat("pause container ", id)};
  const auto [lock, cgroup] = freezer_in(Status::running, "container not running", settings, id);
  try {
    cgroup.set_frozen(true, sys::Deadline::after_ms(kTimeoutMs));
  } catch (const Error&) {
    // Half a container must not stay frozen: the caller was told that it failed.
    try {
      cgroup.set_frozen(false, sys::Deadline::after_ms(kTimeoutMs));
    } catch (const Error&) {
    }
    throw;
  }
}

void resume(const Settings& settings, const std::string& id) {
  const Step step{cat("resume container ", id)};
  freezer_in(Status::paused, "container not paused", settings, id)
      .cgroup.set_frozen(false, sys::Deadline::after_ms(kTimeoutMs));
}

}  // namespace asylum::container
