// SPDX-License-Identifier: Apache-2.0
// How much and how fast: limits, scheduler, io priority, affinity, personality, memory policy.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <vector>

#include "runtime/sys/fd.h"

namespace asylum::sys {

/// prlimit(2) of a process (0 = this one). ~0 is RLIM_INFINITY. EPERM explains CAP_SYS_RESOURCE.
/// Throws.
void set_resource_limit(pid_t pid, int resource, std::uint64_t soft, std::uint64_t hard);
struct ResourceLimitPair {
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;
};
ResourceLimitPair get_resource_limit(pid_t pid, int resource);

/// sched_setattr(2).
struct SchedulerSettings {
  std::uint32_t policy = 0;  // SCHED_*
  std::uint64_t flags = 0;   // SCHED_FLAG_*
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0, deadline_ns = 0, period_ns = 0;
};
void set_scheduler(pid_t pid, const SchedulerSettings& settings);

/// ioprio_set(2) of this process. `io_class` is IOPRIO_CLASS_* (1 rt, 2 be, 3 idle), `level` 0..7.
/// Throws.
void set_io_priority(std::uint32_t io_class, std::uint32_t level);

/// All CPUs the cpuset allows, whatever we inherited. Throws.
void reset_affinity();
/// Exactly these CPUs, any number. Throws.
void set_affinity(const std::vector<std::uint32_t>& cpus);

/// personality(2). Throws.
void set_personality(std::uint64_t personality);

/// set_mempolicy(2): MPOL_* mode with MPOL_F_* flags, NUMA nodes. Throws.
void set_memory_policy(std::uint32_t mode_and_flags, const std::vector<std::uint32_t>& nodes);

}  // namespace asylum::sys
