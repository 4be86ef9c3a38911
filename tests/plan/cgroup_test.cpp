// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/cgroup_plan.h"

#include "runtime/plan/resources/resource_writes.h"
#include "runtime/plan/types/cgroup.h"
#include "tests/plan/evaluate_filter.h"
#include "tests/plan/support.h"

namespace asylum::plan::test {
namespace {

using spec::Resources;
using spec::Spec;

template <typename Change>
Planning plan_resources(Change&& change, const HostFacts& facts = unified_host()) {
  return plan_for(changed([&](Spec& s) { change(s.linux.resources); }), facts);
}

/// "pids.max=10 memory.max=..." in order; "?" behind what may be missing.
std::string writes_of(const Planning& planning) {
  std::string out;
  for (const ControlWrite& one : planning.plan.cgroup.writes) {
    out += cat(out.empty() ? "" : " | ", one.file, "=", one.value, one.may_be_missing ? "?" : "");
    if (!one.instead_file.empty()) out += cat(" else ", one.instead_file, "=", one.instead_value);
  }
  return out;
}

template <typename Change>
std::string writes_for(Change&& change) {
  const Planning planning = plan_resources(change);
  EXPECT_EQ(errors_of(planning), "");
  return writes_of(planning);
}

TEST(CgroupPath, FollowsTheRulesOfRunc) {
  const auto path = [](std::string configured) {
    return plan_for(changed([&](Spec& s) { s.linux.cgroups_path = configured; })).plan.cgroup.path;
  };
  EXPECT_EQ(path(""), "/system.slice/web1");
  EXPECT_EQ(path("pod/a"), "/system.slice/pod/a");
  EXPECT_EQ(path("/pod/a"), "/pod/a");
  EXPECT_EQ(path("../../../x"), "/system.slice/x") << "no way out of the parent";
  EXPECT_EQ(path("/../x"), "/x");
  EXPECT_EQ(plan_for(spec::default_spec(), hybrid_host()).plan.cgroup.path, "/web1");
}

TEST(CgroupPath, IsNeverTheRoot) {
  const auto spec = changed([](Spec& s) { s.linux.cgroups_path = "/"; });
  EXPECT_NE(error_at(plan_for(spec), "/linux/cgroupsPath"), "");
}

TEST(CgroupPath, NeedsCgroup2) {
  HostFacts facts = unified_host();
  facts.cgroup = {};
  EXPECT_NE(error_at(plan_for(spec::default_spec(), facts), ""), "");
}

// As runc with --rootless; whatever needs a cgroup is refused by its place.
TEST(CgroupPath, WhoMayMakeNoneGoesWithout) {
  HostFacts facts = unified_host();
  facts.initial_user_namespace = false;
  facts.effective_capabilities = 0;
  facts.cgroup.may_make = false;
  const auto manager = [&](const Spec& spec) { return plan_for(spec, facts).plan.cgroup.manager; };
  const Spec plain = changed([](Spec& s) { s.linux.resources = {}; });
  EXPECT_EQ(manager(plain), CgroupManager::cgroupfs) << "not rootless";
  facts.rootless = true;
  EXPECT_EQ(manager(plain), CgroupManager::disabled);
  EXPECT_EQ(errors_of(plan_for(plain, facts)), "");
  const Spec limited = changed([](Spec& s) { s.linux.resources.pids_limit = 10; });
  EXPECT_NE(error_at(plan_for(limited, facts), "/linux/resources/pids/limit"), "");
  const Spec named = changed([](Spec& s) { s.linux.cgroups_path = "/named"; });
  EXPECT_EQ(manager(named), CgroupManager::cgroupfs);
  facts.cgroup.may_make = true;
  EXPECT_EQ(manager(plain), CgroupManager::cgroupfs);
}

TEST(ResourceWrites, ComeInTheOrderOfRunc) {
  EXPECT_EQ(writes_for([](Resources& r) {
              r.unified = {{"memory.high", "1000"}};
              r.rdma = {{"mlx5_1", 3, 10000, {}}};
              r.hugepage_limits = {{"2MB", 9223372, {}}};
              r.cpu.cpus = "0-3";
              r.cpu.mems = "0";
              r.cpu.shares = 512;
              r.block_io.weight = 500;
              r.memory.limit_bytes = 1 << 20;
              r.pids_limit = 32;
            }),
            "pids.max=32 | memory.max=1048576 | io.bfq.weight=500 else io.weight=4950 | "
            "cpu.weight=59 | cpuset.cpus=0-3 | cpuset.mems=0 | hugetlb.2MB.max=9223372 | "
            "hugetlb.2MB.rsvd.max=9223372? | rdma.max=mlx5_1 hca_handle=3 hca_object=10000 | "
            "memory.high=1000");
}

TEST(ResourceWrites, SetSwapBeforeMemory) {
  EXPECT_EQ(writes_for([](Resources& r) {
              r.memory.limit_bytes = 100;
              r.memory.swap_bytes = 300;
              r.memory.reservation_bytes = 50;
            }),
            "memory.swap.max=200 | memory.max=100 | memory.low=50");
  EXPECT_EQ(writes_for([](Resources& r) { r.memory.limit_bytes = r.memory.swap_bytes = 100; }),
            "memory.swap.max=0? | memory.max=100");
}

TEST(ResourceWrites, KnowCpuMax) {
  EXPECT_EQ(writes_for([](Resources& r) { r.cpu.quota_us = 50000; }), "cpu.max=50000 100000");
  EXPECT_EQ(writes_for([](Resources& r) { r.cpu.period_us = 20000; }), "cpu.max=max 20000");
  EXPECT_EQ(writes_for([](Resources& r) {
              r.cpu.quota_us = 50000;
              r.cpu.period_us = 20000;
              r.cpu.burst_us = 10000;
            }),
            "cpu.max=50000 20000 | cpu.max.burst=10000");
}

TEST(ResourceWrites, AnIdleCgroupTakesNoWeight) {
  const Planning planning = plan_resources([](Resources& r) {
    r.cpu.idle = 1;
    r.cpu.shares = 512;
  });
  EXPECT_EQ(writes_of(planning), "cpu.idle=1");
  EXPECT_NE(warning_at(planning, "/linux/resources/cpu/shares"), "");
}

TEST(ResourceWrites, KnowTheThrottles) {
  EXPECT_EQ(writes_for([](Resources& r) {
              r.block_io.throttle_read_bps_device = {{8, 0, 600, {}}, {8, 16, 0, {}}};
              r.block_io.throttle_write_bps_device = {{8, 0, 700, {}}};
              r.block_io.throttle_read_iops_device = {{8, 0, 800, {}}};
              r.block_io.throttle_write_iops_device = {{8, 0, 900, {}}};
              r.block_io.weight_device = {{8, 0, 500, std::nullopt, {}}};
            }),
            "io.bfq.weight=8:0 500 | io.max=8:0 rbps=600 | io.max=8:0 wbps=700 | "
            "io.max=8:0 riops=800 | io.max=8:0 wiops=900");
}

TEST(ResourceWrites, LeaveOutWhatANewCgroupHasAnyway) {
  EXPECT_EQ(writes_for([](Resources& r) {
              r.pids_limit = -1;
              r.memory.limit_bytes = -1;
              r.cpu.shares = 1024;
              r.cpu.quota_us = -1;
              r.cpu.idle = 0;
            }),
            "");
  Resources resources;
  resources.pids_limit = -1;
  Findings findings;
  const auto writes = resource_writes(resources, "", CgroupAge::existing, findings);
  ASSERT_EQ(writes.size(), 1U) << "update must be able to lift a limit";
  EXPECT_EQ(writes[0].value, "max");
  EXPECT_EQ(writes[0].pointer, "/pids/limit");
}

TEST(ResourceWrites, ZeroPidsIsNoLimitAsEnginesMeanIt) {
  EXPECT_EQ(writes_for([](Resources& r) { r.pids_limit = 0; }), "");
}

TEST(ResourceWrites, UnifiedIsWrittenLineByLine) {
  EXPECT_EQ(writes_for([](Resources& r) {
              r.unified = {{"io.max", "8:0 rbps=1\n8:16 rbps=2\n"}};
            }),
            "io.max=8:0 rbps=1 | io.max=8:16 rbps=2");
}

TEST(ResourceWrites, UnifiedKeepsOffTheRuntimesFiles) {
  for (const char* key : {"cgroup.procs", "cgroup.kill", "cgroup.freeze", "a/b.max", "memory"}) {
    const Planning planning = plan_resources([&](Resources& r) { r.unified = {{key, "1"}}; });
    EXPECT_EQ(writes_of(planning), "") << key;
  }
  EXPECT_EQ(writes_for([](Resources& r) {
              r.unified = {{"cgroup.max.depth", "3"}};
            }),
            "cgroup.max.depth=3");
}

TEST(ResourceWrites, NameWhatHasNoEffect) {
  const Planning planning = plan_resources([](Resources& r) {
    r.memory.swappiness = 10;
    r.memory.kernel_bytes = 100;
    r.memory.disable_oom_killer = true;
    r.cpu.realtime_runtime_us = 1000;
    r.block_io.leaf_weight = 20;
  });
  EXPECT_EQ(errors_of(planning), "");
  for (const char* member : {"memory/swappiness", "memory/kernel", "memory/disableOOMKiller",
                             "cpu/realtimeRuntime", "blockIO/leafWeight"}) {
    EXPECT_NE(warning_at(planning, cat("/linux/resources/", member)), "") << member;
  }
}

TEST(ResourceWrites, RefuseTheNetworkControllersOfV1) {
  const Planning planning = plan_resources([](Resources& r) {
    r.network.class_id = 5;
    r.network.priorities = {{"eth0", 1, {}}};
  });
  EXPECT_NE(error_at(planning, "/linux/resources/network/classID"), "");
  EXPECT_NE(error_at(planning, "/linux/resources/network/priorities"), "");
}

// ---- controllers ------------------------------------------------------------------------------

TEST(Controllers, AreAllThatThereAre) {
  const Planning planning = plan_resources([](Resources& r) { r.pids_limit = 5; });
  EXPECT_EQ(planning.plan.cgroup.controllers, unified_host().cgroup.controllers);
}

TEST(Controllers, OnV1AreRefusedWithTheRemedy) {
  const Planning planning = plan_resources(
      [](Resources& r) {
        r.memory.limit_bytes = 1 << 20;
        r.memory.swap_bytes = 1 << 21;
        r.pids_limit = 5;
      },
      hybrid_host());
  EXPECT_EQ(error_at(planning, "/linux/resources/memory/limit"),
            "controller memory is attached to the cgroup v1 hierarchy /sys/fs/cgroup/memory, and "
            "limits are set through cgroup2 only; boot with systemd.unified_cgroup_hierarchy=1 or "
            "cgroup_no_v1=memory, or remove the limit");
  EXPECT_NE(error_at(planning, "/linux/resources/memory/swap"), "");
  EXPECT_NE(error_at(planning, "/linux/resources/pids/limit"), "");
}

TEST(Controllers, AreFoundUnderTheirOldName) {
  HostFacts facts = hybrid_host();
  facts.cgroup.legacy = {{"blkio", "/sys/fs/cgroup/blkio"}};
  const Planning planning = plan_resources([](Resources& r) { r.block_io.weight = 500; }, facts);
  EXPECT_NE(error_at(planning, "/linux/resources/blockIO/weight").find("/sys/fs/cgroup/blkio"),
            std::string::npos);
}

TEST(Controllers, ThatAreNotThereAreRefusedWithTheDirectory) {
  HostFacts facts = unified_host();
  facts.cgroup.controllers = {"cpu", "pids"};
  const Planning planning =
      plan_resources([](Resources& r) { r.memory.limit_bytes = 1 << 20; }, facts);
  EXPECT_EQ(error_at(planning, "/linux/resources/memory/limit").substr(0, 77),
            "controller memory is not available in /sys/fs/cgroup, which offers: cpu pids;");
}

TEST(Controllers, AreNotNeededForNoLimit) {
  const Planning planning = plan_resources(
      [](Resources& r) {
        r.memory.limit_bytes = -1;
        r.pids_limit = -1;
      },
      hybrid_host());
  EXPECT_EQ(errors_of(planning), "");
}

TEST(Controllers, WithoutCgroupsNoLimitIsPossible) {
  Request disabled = request();
  disabled.cgroup_manager = CgroupManager::disabled;
  const auto limited = changed([](Spec& s) {
    s.linux.resources.pids_limit = 5;
    s.linux.resources.devices.clear();
  });
  EXPECT_NE(error_at(make_plan(limited, unified_host(), disabled), "/linux/resources/pids/limit"),
            "");
  const auto unlimited = changed([](Spec& s) { s.linux.resources = {}; });
  EXPECT_EQ(errors_of(make_plan(unlimited, unified_host(), disabled)), "");
}

// ---- device filter ----------------------------------------------------------------------------

TEST(CgroupDeviceFilter, IsAlwaysThereForRoot) {
  const Planning planning = plan_resources([](Resources& r) { r.devices.clear(); });
  ASSERT_TRUE(planning.plan.cgroup.device_filter);
  const auto& program = planning.plan.cgroup.device_filter->program;
  EXPECT_EQ(evaluate(program, {1, 8, 0, 2}), 0U) << "no rule: a disk cannot be read";
  EXPECT_EQ(evaluate(program, {2, 1, 3, 6}), 1U) << "null can";
}

TEST(CgroupDeviceFilter, TakesTheConfigsRules) {
  const Planning planning = plan_resources([](Resources& r) {
    r.devices.push_back({true, spec::DeviceRuleType::block, 8, std::nullopt, "r", {}});
    r.devices.push_back({false, spec::DeviceRuleType::block, 8, 1, "", {}});
  });
  const auto& filter = *planning.plan.cgroup.device_filter;
  EXPECT_EQ(filter.pointer, "/linux/resources/devices");
  EXPECT_EQ(evaluate(filter.program, {1, 8, 0, 2}), 1U);
  EXPECT_EQ(evaluate(filter.program, {1, 8, 0, 4}), 0U);
  EXPECT_EQ(evaluate(filter.program, {1, 8, 1, 2}), 0U);
}

TEST(CgroupDeviceFilter, IsLeftOutOnlyWithoutBpfAndWithoutMknod) {
  const auto rootless = spec::default_spec(spec::RootlessOwner{1000, 1000});
  EXPECT_FALSE(plan_for(rootless, rootless_host()).plan.cgroup.device_filter);
  HostFacts no_bpf = unified_host();
  no_bpf.effective_capabilities = 0;
  EXPECT_TRUE(plan_for(spec::default_spec(), no_bpf).plan.cgroup.device_filter)
      << "nodes can be made, so a failure must be fatal";
  EXPECT_TRUE(plan_for(rootless, unified_host()).plan.cgroup.device_filter)
      << "root may use BPF for a container with a user namespace";
}

}  // namespace
}  // namespace asylum::plan::test
