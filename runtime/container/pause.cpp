// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/pause.h"

#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/state_store.h"
#include "runtime/container/status.h"
#include "runtime/sys/poll.h"

namespace asylum::container {
namespace {

constexpr std::int64_t kTimeoutMs = 10'000;

/// No lock is taken: a hook may pause the container that is being started.
cgroup::Cgroup cgroup_in(Status wanted, const char* otherwise, const Settings& settings,
                         const std::string& id) {
  const sys::Fd directory = StateStore(settings).open(id);
  const Observation seen = observe(directory.get());
  if (seen.is_damaged()) throw_damaged(id);
  if (seen.status != wanted) {
    throw Error(ErrorKind::wrong_state, otherwise)
        .with_hint(cat("the container is in the ", name_of(seen.status), " state"));
  }
  auto cgroup = find_cgroup(seen.ledger);
  if (!cgroup) {
    throw Error(ErrorKind::unsupported, "the container has no cgroup, and so no freezer")
        .with_hint("create it without --cgroup-manager disabled");
  }
  return std::move(*cgroup);
}

}  // namespace

void pause(const Settings& settings, const std::string& id) {
  const Step step{cat("pause container ", id)};
  const cgroup::Cgroup cgroup = cgroup_in(Status::running, "container not running", settings, id);
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
  cgroup_in(Status::paused, "container not paused", settings, id)
      .set_frozen(false, sys::Deadline::after_ms(kTimeoutMs));
}

}  // namespace asylum::container
