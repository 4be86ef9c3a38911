// SPDX-License-Identifier: Apache-2.0
// The device filter of a cgroup, replaced again and again.
#include "runtime/cgroup/device_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "kernel_support.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/subtree.h"
#include "runtime/container/host/probe_cgroups.h"
#include "runtime/container/host/probe_host.h"
#include "runtime/plan/resources/device_filter.h"
#include "runtime/plan/types/cgroup.h"
#include "runtime/sys/bpf.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"

namespace asylum::cgroup {
namespace {

class DeviceFilterTest : public testing::Test {
 protected:
  void SetUp() override {
    REQUIRE_ROOT();
    int failed = 0;
    if (!sys::try_load_device_program(program_, "asylum_test", failed) && failed == EPERM) {
      GTEST_SKIP() << "BPF programs are not permitted here";
    }
    const std::string mount_point = container::probe_cgroups().mount_point;
    if (mount_point.empty()) GTEST_SKIP() << "no cgroup2 mount";
    root_ = open_root(mount_point);
    sys::make_directory_at(root_.get(), name_, 0755);
  }
  void TearDown() override {
    if (root_) static_cast<void>(sys::try_remove_at(root_.get(), name_, AT_REMOVEDIR));
  }
  Cgroup cgroup() const {
    return {sys::open_beneath(root_.get(), name_, O_RDONLY | O_DIRECTORY), "/" + name_};
  }

  std::string name_ = cat("asylum-filter-", ::getpid());
  sys::Fd root_;
  const std::vector<plan::BpfInstruction> program_ = plan::device_filter_program({});
};

TEST_F(DeviceFilterTest, AThousandReplacementsLeaveOneProgram) {
  const Cgroup here = cgroup();
  for (int i = 0; i < 1000; ++i) static_cast<void>(replace_device_filter(here, program_));
  EXPECT_EQ(sys::attached_device_programs(here.fd()).size(), 1U);
}

TEST_F(DeviceFilterTest, TheProgramOfAnotherStays) {
  const Cgroup here = cgroup();
  const sys::Fd other = sys::load_device_program(program_, "somebody_else");
  sys::attach_device_program(here.fd(), other.get());
  for (int i = 0; i < 3; ++i) static_cast<void>(replace_device_filter(here, program_));
  const auto ids = sys::attached_device_programs(here.fd());
  ASSERT_EQ(ids.size(), 2U);
  EXPECT_EQ(sys::name_of_program(sys::open_program(ids[0]).get()), "somebody_else");
  EXPECT_EQ(sys::name_of_program(sys::open_program(ids[1]).get()), kDeviceProgramName);
}

TEST_F(DeviceFilterTest, RestoringGivesTheOldOneBack) {
  const Cgroup here = cgroup();
  const auto first = replace_device_filter(here, program_);
  EXPECT_FALSE(first.first);
  const auto before = sys::attached_device_programs(here.fd());
  const auto second = replace_device_filter(here, program_);
  EXPECT_NE(sys::attached_device_programs(here.fd()), before);
  restore_device_filter(here, second.first, second.second);
  EXPECT_EQ(sys::attached_device_programs(here.fd()), before);
  restore_device_filter(here, first.first, first.second);
  EXPECT_TRUE(sys::attached_device_programs(here.fd()).empty());
}

}  // namespace
}  // namespace asylum::cgroup
