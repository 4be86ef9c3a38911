// SPDX-License-Identifier: Apache-2.0
// The records of `events` as one line of JSON each, in runc's shape. Pure.
#pragma once

#include <string>

#include "runtime/cgroup/statistics.h"

namespace asylum::container {

/// {"type":"stats","id":ID,"data":{...}} and a newline. What cgroup2 has no figure for is 0 or
/// left out as in runc's. Times of CPU use are nanoseconds, swap counts memory too (as cgroup v1
/// did), a limit that is none is 2^64-1, of pids 0. Source: runc-events(8), reference §1.7.
std::string stats_event(const std::string& id, const cgroup::Statistics& statistics);

/// {"type":"oom","id":ID} and a newline.
std::string oom_event(const std::string& id);

}  // namespace asylum::container
