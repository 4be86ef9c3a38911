// SPDX-License-Identifier: Apache-2.0
// The verb events: what a container uses, and when the kernel kills for want of memory.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "runtime/container/state/settings.h"

namespace asylum::container {

struct EventsOptions {
  std::string id;
  bool once = false;                         // --stats: one record, and the end
  std::int64_t interval_ns = 5'000'000'000;  // between records
};

/// Gives each record, a line, to `print`: figures at once with `once` and else at every interval,
/// a record for each out-of-memory kill. Returns when nothing lives in the container's cgroup any
/// more. Throws wrong_state: "container with id ID is not running".
void events(const Settings& settings, const EventsOptions& options,
            const std::function<void(const std::string& line)>& print);

}  // namespace asylum::container
