// SPDX-License-Identifier: Apache-2.0
// The cgroup file system without a cgroup namespace: the container's own cgroup and nothing else.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/init/steps.h"
#include "runtime/process/rootfs/mount_operations.h"
#include "runtime/sys/file.h"
#include "tests/kernel/init_support.h"

namespace asylum::process {
namespace {

using ::testing::HasSubstr;

std::string cgroup2_mount_point() {
  for (const char* path : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
    const auto directory = sys::try_open_at(AT_FDCWD, path, O_PATH | O_DIRECTORY);
    if (directory && sys::filesystem_magic(directory->get()) == CGROUP2_SUPER_MAGIC) return path;
  }
  return {};
}

class InitCgroupMount : public ::testing::Test {
 protected:
  void SetUp() override {
    REQUIRE_ROOT();
    if (!has_static_busybox()) GTEST_SKIP() << "needs busybox-static";
    mount_point_ = cgroup2_mount_point();
    if (mount_point_.empty()) GTEST_SKIP() << "needs a cgroup2 mount";
    own_ = cat(mount_point_, "/asylum-init-test-", ::getpid());
    ASSERT_EQ(::mkdir(own_.c_str(), 0755), 0);
    plan_ = default_plan(root_, "true");
    std::erase_if(plan_.namespaces,
                  [](const plan::Namespace& ns) { return ns.type == NamespaceType::cgroup; });
    plan_.cgroup.mount_point = mount_point_;
    mount_ = filesystem_mount("cgroup", "/data", attribute::rdonly);
    mount_.kind = plan::MountKind::cgroup;
  }
  void TearDown() override {
    if (!own_.empty()) ::rmdir(own_.c_str());
  }

  BusyboxRoot root_;
  plan::Plan plan_;
  plan::Mount mount_;
  std::string mount_point_, own_;
};

TEST_F(InitCgroupMount, IsTheContainersOwnCgroup) {
  EXPECT_EQ(in_root(root_, plan_,
                    [this](InitContext& c) {
                      sys::write_control_at(AT_FDCWD, own_ + "/cgroup.procs", "0");
                      mount_cgroup(c, mount_);
                      const sys::Fd inside = c.rootfs.open("/data", O_PATH);
                      const sys::Fd outside = sys::open_at(AT_FDCWD, own_, O_PATH);
                      check(sys::identity_of(inside.get()) == sys::identity_of(outside.get()),
                            "the cgroup of this process");
                    }),
            "");
}

TEST_F(InitCgroupMount, TheHostsTreeIsNotShown) {
  // CVE-2023-25809: a container that was left in the root cgroup.
  EXPECT_THAT(in_root(root_, plan_,
                      [this](InitContext& c) {
                        sys::write_control_at(AT_FDCWD, mount_point_ + "/cgroup.procs", "0");
                        mount_cgroup(c, mount_);
                      }),
              HasSubstr("no cgroup of its own"));
}

}  // namespace
}  // namespace asylum::process
