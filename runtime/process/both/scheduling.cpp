// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/both/scheduling.h"

#include <linux/sched.h>

#include "runtime/plan/types/process.h"
#include "runtime/sys/process/tuning.h"

namespace asylum::process {

bool survives_fork(const plan::Scheduler& scheduler) {
  return scheduler.policy != SCHED_DEADLINE && (scheduler.flags & SCHED_FLAG_RESET_ON_FORK) == 0;
}

void set_scheduler(pid_t pid, const plan::Scheduler& scheduler) {
  sys::SchedulerSettings settings;
  settings.policy = scheduler.policy;
  settings.flags = scheduler.flags;
  settings.nice = scheduler.nice;
  settings.priority = scheduler.priority;
  settings.runtime_ns = scheduler.runtime_ns;
  settings.deadline_ns = scheduler.deadline_ns;
  settings.period_ns = scheduler.period_ns;
  sys::set_scheduler(pid, settings);
}

}  // namespace asylum::process
