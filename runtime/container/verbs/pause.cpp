// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/verbs/pause.h"

#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/state/cgroup_lock.h"
#include "runtime/container/state/existing.h"
#include "runtime/sys/poll.h"

namespace asylum::container {
namespace {

/// The cgroup of a container for which the verb is legal, and the lock that keeps it there: a pause
/// whose container is resumed meanwhile would wait for the freezer in vain.
struct Freezer {
  sys::Fd lock;
  cgroup::Cgroup cgroup;
};

Freezer freezer_for(Verb verb, const Settings& settings, const std::string& id) {
  Container container(settings, id);
  container.require(verb);  // nothing is made for who is refused
  sys::Fd lock = lock_cgroup(container.directory(), id);
  container.look();
  container.require(verb);
  return {std::move(lock), container.cgroup(", and so no freezer")};
}

}  // namespace

void pause(const Settings& settings, const std::string& id) {
  const Step step{cat("pause container ", id)};
  const auto [lock, cgroup] = freezer_for(Verb::pause, settings, id);
  try {
    cgroup.set_frozen(true, sys::Deadline::patience());
  } catch (const Error&) {
    // Half a container must not stay frozen: the caller was told that it failed.
    try {
      cgroup.set_frozen(false, sys::Deadline::patience());
    } catch (const Error&) {
    }
    throw;
  }
}

void resume(const Settings& settings, const std::string& id) {
  const Step step{cat("resume container ", id)};
  freezer_for(Verb::resume, settings, id).cgroup.set_frozen(false, sys::Deadline::patience());
}

}  // namespace asylum::container
