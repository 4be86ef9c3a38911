// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/process/tuning.h"

#include <sched.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

namespace asylum::sys {
namespace {

// Bits in an array of longs, as sched_setaffinity(2) and set_mempolicy(2) want them.
std::vector<unsigned long> bit_mask(const std::vector<std::uint32_t>& bits) {
  constexpr std::uint32_t kBits = 8 * sizeof(unsigned long);
  std::vector<unsigned long> mask;
  for (const std::uint32_t bit : bits) {
    if (mask.size() <= bit / kBits) mask.resize(bit / kBits + 1);
    mask[bit / kBits] |= 1UL << (bit % kBits);
  }
  return mask;
}

void set_affinity_mask(const unsigned long* mask, std::size_t bytes, const char* what) {
  // The system call, not the pthread one: glibc's thread id is stale after a raw clone3.
  if (::syscall(SYS_sched_setaffinity, 0, bytes, mask) == 0) return;
  const int error_number = errno;
  throw_os("sched_setaffinity", error_number, what,
           error_number == EINVAL
               ? "none of the CPUs exists, or the cpuset of the cgroup allows none"
               : "");
}

// struct sched_attr of <linux/sched/types.h>, which collides with glibc's <sched.h>.
struct SchedulerAttributes {
  std::uint32_t size = sizeof(SchedulerAttributes);
  std::uint32_t policy = 0;
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0, deadline = 0, period = 0;
  std::uint32_t util_min = 0, util_max = 0;
};
static_assert(sizeof(SchedulerAttributes) == 56);

}  // namespace

void set_resource_limit(pid_t pid, int resource, std::uint64_t soft, std::uint64_t hard) {
  const struct ::rlimit64 limit { soft, hard };
  if (::syscall(SYS_prlimit64, pid, resource, &limit, nullptr) == 0) return;
  const int error_number = errno;
  throw_os("prlimit64", error_number,
           cat("set resource limit ", resource, " to ", soft, ", ", hard),
           error_number == EPERM
               ? "raising a hard limit needs CAP_SYS_RESOURCE; RLIMIT_NOFILE cannot exceed the "
                 "sysctl fs.nr_open"
           : error_number == EINVAL ? "the soft limit must not exceed the hard limit"
                                    : "");
}

ResourceLimitPair get_resource_limit(pid_t pid, int resource) {
  struct ::rlimit64 limit {};
  if (::syscall(SYS_prlimit64, pid, resource, nullptr, &limit) != 0) {
    throw_os("prlimit64", errno, cat("read resource limit ", resource));
  }
  return {limit.rlim_cur, limit.rlim_max};
}

void set_scheduler(pid_t pid, const SchedulerSettings& settings) {
  SchedulerAttributes attributes;
  attributes.policy = settings.policy;
  attributes.flags = settings.flags;
  attributes.nice = settings.nice;
  attributes.priority = settings.priority;
  attributes.runtime = settings.runtime_ns;
  attributes.deadline = settings.deadline_ns;
  attributes.period = settings.period_ns;
  if (::syscall(SYS_sched_setattr, pid, &attributes, 0) == 0) return;
  const int error_number = errno;
  throw_os("sched_setattr", error_number, cat("set scheduler policy ", settings.policy),
           error_number == EPERM   ? "a real-time policy or a lower nice value needs CAP_SYS_NICE"
           : error_number == EBUSY ? "the deadline bandwidth of the CPUs is used up"
                                   : "");
}

void set_io_priority(std::uint32_t io_class, std::uint32_t level) {
  constexpr int kWhoProcess = 1;
  constexpr unsigned kClassShift = 13;
  if (::syscall(SYS_ioprio_set, kWhoProcess, 0, (io_class << kClassShift) | level) == 0) return;
  const int error_number = errno;
  throw_os(
      "ioprio_set", error_number, cat("set io priority class ", io_class, ", level ", level),
      error_number == EPERM ? "class IOPRIO_CLASS_RT needs CAP_SYS_ADMIN or CAP_SYS_NICE" : "");
}

void reset_affinity() {
  // 8192 CPUs; the kernel ignores bits above its own and intersects with the cpuset.
  unsigned long all[8192 / (8 * sizeof(unsigned long))];
  std::fill(std::begin(all), std::end(all), ~0UL);
  set_affinity_mask(all, sizeof all, "allow all CPUs");
}

void set_affinity(const std::vector<std::uint32_t>& cpus) {
  const std::vector<unsigned long> mask = bit_mask(cpus);
  set_affinity_mask(mask.data(), mask.size() * sizeof(unsigned long), "set the CPU affinity");
}

void set_personality(std::uint64_t personality) {
  if (::personality(personality) < 0)
    throw_os("personality", errno, cat("set personality ", personality));
}

void set_memory_policy(std::uint32_t mode_and_flags, const std::vector<std::uint32_t>& nodes) {
  const std::vector<unsigned long> mask = bit_mask(nodes);
  // maxnode counts one bit more than the mask has: the kernel decrements it first.
  const unsigned long max_node = mask.empty() ? 0 : mask.size() * 8 * sizeof(unsigned long) + 1;
  if (::syscall(SYS_set_mempolicy, mode_and_flags, mask.empty() ? nullptr : mask.data(),
                max_node) != 0) {
    throw_os("set_mempolicy", errno, "set the memory policy");
  }
}

}  // namespace asylum::sys
