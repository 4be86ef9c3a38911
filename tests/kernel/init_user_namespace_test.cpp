// SPDX-License-Identifier: Apache-2.0
// A start in a user namespace: mapped root, locked mounts, what the host's root keeps.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "tests/kernel/container_test.h"

namespace asylum::process {
namespace {

using ::testing::ContainsRegex;

plan::Plan with_user_namespace(plan::Plan plan) {
  plan.namespaces.insert(plan.namespaces.begin(), {NamespaceType::user, "", ""});
  plan::IdMaps maps;
  maps.uids = {{0, 100000, 65536}};
  maps.gids = {{0, 100000, 65536}};
  plan.id_maps = maps;
  for (plan::DeviceNode& node : plan.devices) node.bind_from_host = true;
  plan.process.limits.clear();
  return plan;
}

class InitUserNamespace : public ContainerTest {
 protected:
  void SetUp() override {
    ContainerTest::SetUp();
    if (IsSkipped()) return;
    // The mapped root must reach the root file system.
    ::chmod(root_.state().c_str(), 0755);
    for (const char* path : {"", "/proc", "/sys", "/dev", "/tmp", "/data"}) {
      ASSERT_EQ(::chown(root_.at(path).c_str(), 100000, 100000), 0);
    }
  }
};

TEST_F(InitUserNamespace, RunsAsTheMappedRoot) {
  const std::string output = output_of(with_user_namespace(plan_for(
      "cat /proc/self/uid_map; id -u; stat -c %u /dev/shm; echo x > /dev/null; ls -ln /proc/1/exe |"
      "wc -l; stat -c '%t %T' /dev/null")));
  EXPECT_THAT(output, ContainsRegex("0 +100000 +65536\n0\n0\n1\n1 3\n"));
}

TEST_F(InitUserNamespace, Sysctls) {
  plan::Plan plan = with_user_namespace(plan_for("cat /proc/sys/net/ipv4/ip_forward"));
  plan.sysctls = {{"net.ipv4.ip_forward", "1", ""}};
  EXPECT_EQ(output_of(plan), "1\n");
}

TEST_F(InitUserNamespace, Clocks) {
  if (!has_time_namespaces()) GTEST_SKIP() << "this kernel has no time namespaces";
  plan::Plan plan = with_user_namespace(plan_for("cat /proc/self/timens_offsets"));
  plan.namespaces.push_back({NamespaceType::time, "", ""});
  plan.time_offsets = {{"boottime", 100, 0, ""}};
  EXPECT_THAT(output_of(plan), ContainsRegex("^monotonic +0 +0\nboottime +100"));
}

TEST_F(InitUserNamespace, InitIsHiddenFromItsOwnUser) {
  // Non-dumpable: its /proc files belong to the host's root, not to the mapped one (CVE-2016-9962).
  plan::Plan plan = with_user_namespace(plan_for("true"));
  plan.hooks[static_cast<std::size_t>(HookStage::create_runtime)] = {{"/bin/true", {}, {}, {}, ""}};
  uid_t owner = 1;
  Hooks hooks;
  hooks.host_hooks = [&owner](pid_t pid) {
    struct ::stat status {};
    if (::stat(cat("/proc/", pid, "/environ").c_str(), &status) == 0) owner = status.st_uid;
  };
  output_of(plan, hooks);
  EXPECT_EQ(owner, 0U);
}

TEST_F(InitUserNamespace, LockedFlagsStayLocked) {
  // A read-only mount of the host, bound without "ro": the kernel keeps it read-only, since init
  // cloned it itself.
  sys::TemporaryDirectory host;
  ASSERT_EQ(::chmod(host.path().c_str(), 0777), 0);
  ASSERT_EQ(::mount("tmpfs", host.path().c_str(), "tmpfs", MS_RDONLY, nullptr), 0);
  plan::Plan plan = with_user_namespace(plan_for(
      "touch /data/x 2>/dev/null || echo refused; mount -o remount,bind,rw /data 2>/dev/null ||"
      "echo locked"));
  plan.process.identity.capabilities.bounding = ~0ULL >> (63 - 40);
  plan.process.identity.capabilities.permitted = plan.process.identity.capabilities.bounding;
  plan.process.identity.capabilities.effective = plan.process.identity.capabilities.bounding;
  plan.mounts.push_back(bind_mount(host.path(), "/data", true));
  const Outcome outcome = run_container(root_, plan);
  EXPECT_EQ(::umount(host.path().c_str()), 0);
  EXPECT_EQ(outcome.output, "refused\nlocked\n");
}

TEST_F(InitUserNamespace, TheUserMayEnterWhatRootMayNot) {
  // The directory belongs to an unmapped user, so that root's capabilities do not count.
  ASSERT_EQ(::chown(root_.at("/data").c_str(), 5000, 100050), 0);
  ASSERT_EQ(::chmod(root_.at("/data").c_str(), 0070), 0);
  plan::Plan plan = with_user_namespace(plan_for("pwd"));
  plan.process.cwd = "/data";
  plan.process.identity.uid = 1000;
  plan.process.identity.gid = 1000;
  plan.process.identity.additional_gids = {50};
  EXPECT_EQ(output_of(plan), "/data\n");
}

}  // namespace
}  // namespace asylum::process
