// SPDX-License-Identifier: Apache-2.0
// Limits, affinity, scheduler, io priority, personality: read back from the kernel.
#include <errno.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <sys/personality.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "runtime/sys/process/tuning.h"
#include "tests/kernel/kernel_support.h"

namespace asylum::sys {
namespace {

TEST(Tuning, ResourceLimits) {
  REQUIRE_ROOT();
  in_child(0, [] {
    set_resource_limit(0, RLIMIT_CORE, 0, 4096);
    EXPECT_EQ(get_resource_limit(0, RLIMIT_CORE).soft, 0U);
    EXPECT_EQ(get_resource_limit(0, RLIMIT_CORE).hard, 4096U);
    EXPECT_EQ(error_from([] { set_resource_limit(0, RLIMIT_CORE, 2, 1); }).err, EINVAL);
    EXPECT_EQ(error_from([] { set_resource_limit(0, RLIMIT_NOFILE, 1, ~0ULL); }).err, EPERM);
  });
}

TEST(Tuning, AffinityIsSetAndReset) {
  REQUIRE_ROOT();
  in_child(0, [] {
    cpu_set_t before;
    cpu_set_t now;
    ::sched_getaffinity(0, sizeof before, &before);
    set_affinity({0});
    ::sched_getaffinity(0, sizeof now, &now);
    EXPECT_EQ(CPU_COUNT(&now), 1);
    EXPECT_TRUE(CPU_ISSET(0, &now));
    reset_affinity();
    ::sched_getaffinity(0, sizeof now, &now);
    EXPECT_TRUE(CPU_EQUAL(&now, &before));
    EXPECT_EQ(error_from([] { set_affinity({8000}); }).err, EINVAL);
  });
}

TEST(Tuning, SchedulerAndNice) {
  REQUIRE_ROOT();
  in_child(0, [] {
    SchedulerSettings settings;
    settings.policy = SCHED_BATCH;
    settings.nice = 7;
    set_scheduler(0, settings);
    EXPECT_EQ(::sched_getscheduler(0), SCHED_BATCH);
    EXPECT_EQ(::getpriority(PRIO_PROCESS, 0), 7);
    settings.policy = 99;
    EXPECT_EQ(error_from([&] { set_scheduler(0, settings); }).err, EINVAL);
  });
}

TEST(Tuning, IoPriority) {
  REQUIRE_ROOT();
  in_child(0, [] {
    set_io_priority(2, 3);
    EXPECT_EQ(::syscall(SYS_ioprio_get, 1, 0), (2 << 13) | 3);
    EXPECT_EQ(error_from([] { set_io_priority(7, 0); }).err, EINVAL);
  });
}

TEST(Tuning, Personality) {
  REQUIRE_ROOT();
  in_child(0, [] {
    set_personality(PER_LINUX32);
    EXPECT_EQ(::personality(0xffffffff), PER_LINUX32);
  });
}

TEST(Tuning, MemoryPolicy) {
  REQUIRE_ROOT();
  in_child(0, [] {
    try {
      set_memory_policy(MPOL_BIND, {0});
    } catch (const Error& error) {
      if (error.err != ENOSYS) throw;
      std::printf("note: this kernel has no NUMA\n");
      return;
    }
    int mode = -1;
    unsigned long nodes[16] = {};
    ASSERT_EQ(::syscall(SYS_get_mempolicy, &mode, nodes, sizeof nodes * 8, nullptr, 0), 0);
    EXPECT_EQ(mode, MPOL_BIND);
    EXPECT_EQ(nodes[0], 1UL);
    set_memory_policy(MPOL_DEFAULT, {});
    EXPECT_EQ(error_from([] { set_memory_policy(MPOL_BIND, {}); }).err, EINVAL);
  });
}

}  // namespace
}  // namespace asylum::sys
