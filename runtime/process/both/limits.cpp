// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/both/limits.h"

#include <sys/resource.h>

#include <algorithm>

#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/process.h"
#include "runtime/sys/process/tuning.h"

namespace asylum::process {

void raise_hard_limits(pid_t init, const std::vector<plan::ResourceLimit>& limits) {
  for (const plan::ResourceLimit& limit : limits) {
    const int resource = static_cast<int>(limit.resource);
    const auto now = sys::get_resource_limit(init, resource);
    if (limit.hard <= now.hard) continue;
    Step step{cat("raise ", limit.name, " to ", limit.hard), limit.pointer};
    sys::set_resource_limit(init, resource, now.soft, limit.hard);
  }
}

bool counts_what_is_ours(const plan::ResourceLimit& limit) {
  return limit.resource == RLIMIT_NPROC || limit.resource == RLIMIT_NOFILE;
}

void set_limits(const std::vector<plan::ResourceLimit>& limits, bool counting) {
  for (const plan::ResourceLimit& limit : limits) {
    if (counts_what_is_ours(limit) != counting) continue;
    Step step{cat("set ", limit.name), limit.pointer};
    sys::set_resource_limit(0, static_cast<int>(limit.resource), limit.soft, limit.hard);
  }
}

}  // namespace asylum::process
