// SPDX-License-Identifier: Apache-2.0
// The verbs state and list.
#include "runtime/container/verbs/list.h"

#include <optional>
#include <string_view>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "runtime/container/host/user_names.h"
#include "runtime/container/state/existing.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/state/state_store.h"
#include "runtime/container/state/status.h"

namespace asylum::container {
namespace {

/// In `list` only: it is there, and `delete --force` removes it.
constexpr std::string_view kDamaged = "damaged";

spec::State damaged(const std::string& id) {
  spec::State state;
  state.id = id;
  state.status = kDamaged;
  return state;
}

spec::State state_of(const std::string& id, const Observation& seen) {
  spec::State state;
  state.id = id;
  state.status = seen.is_damaged() ? kDamaged : name_of(seen.status);
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

/// Nothing for one that is deleted meanwhile.
std::optional<spec::State> try_state_of(const StateStore& store, const std::string& id) {
  const auto directory = store.try_open(id);
  if (!directory) return std::nullopt;
  const Observation seen = observe(directory->get(), id);
  if (seen.is_leaving) return std::nullopt;
  if (seen.is_damaged()) log::warning(cat("container ", quote(id), ": ", seen.damage));
  spec::State state = state_of(id, seen);
  if (seen.record) {
    state.owner = user_name_of(seen.record->owner).value_or(cat('#', seen.record->owner));
  }
  return state;
}

}  // namespace

spec::State state(const Settings& settings, const std::string& id) {
  const Container container(settings, id);
  container.require_whole();
  return state_of(id, container.seen());
}

std::vector<spec::State> list(const Settings& settings) {
  const StateStore store(settings);
  std::vector<spec::State> states;
  for (const std::string& id : store.ids()) {
    try {
      if (auto state = try_state_of(store, id)) states.push_back(std::move(*state));
    } catch (const Error& error) {
      log::warning(cat("container ", quote(id), ": ", sentence_of(error)));
      states.push_back(damaged(id));
    }
  }
  return states;
}

}  // namespace asylum::container
