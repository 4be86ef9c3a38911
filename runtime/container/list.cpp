// SPDX-License-Identifier: Apache-2.0
// The verbs state and list.
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "runtime/container/container.h"
#include "runtime/container/state_store.h"
#include "runtime/container/status.h"
#include "runtime/container/user_names.h"

namespace asylum::container {
namespace {

spec::State state_of(const std::string& id, const Observation& seen) {
  if (seen.is_damaged()) throw_damaged(id);
  spec::State state;
  state.id = id;
  state.status = name_of(seen.status);
  state.pid = seen.pid();
  state.interrupted = seen.interrupted;
  if (!seen.record) return state;
  state.oci_version = seen.record->state.oci_version;
  state.bundle = seen.record->state.bundle;
  state.rootfs = seen.record->rootfs;
  state.created = seen.record->created;
  for (const auto& [key, value] : seen.record->state.annotations) {
    state.annotations.push_back({key, value});
  }
  return state;
}

}  // namespace

spec::State state(const Settings& settings, const std::string& id) {
  const sys::Fd directory = StateStore(settings).open(id);
  return state_of(id, observe_existing(directory.get(), id));
}

std::vector<spec::State> list(const Settings& settings) {
  const StateStore store(settings);
  std::vector<spec::State> states;
  for (const std::string& id : store.ids()) {
    try {
      const auto directory = store.try_open(id);
      if (!directory) continue;  // deleted meanwhile
      const Observation seen = observe(directory->get());
      if (seen.is_leaving) continue;
      spec::State state = state_of(id, seen);
      if (seen.record) {
        state.owner = user_name_of(seen.record->owner).value_or(cat('#', seen.record->owner));
      }
      states.push_back(std::move(state));
    } catch (const Error& error) {
      log::warning(cat("container ", quote(id), " left out: ", sentence_of(error)));
    }
  }
  return states;
}

}  // namespace asylum::container
