// SPDX-License-Identifier: Apache-2.0
// The device filter in the kernel: loaded, attached, replaced, detached; the verifier's words when
// it refuses.
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>

#include <array>

#include "runtime/sys/bpf.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/process/process.h"
#include "tests/kernel/kernel_support.h"
#include "tests/kernel/sys_cgroup_support.h"

namespace asylum::sys {
namespace {

using testing::HasSubstr;
using Program = std::array<std::uint64_t, 2>;

constexpr Program kAllow = {0x00000001000000b7ULL, 0x95ULL};   // r0 = 1; exit
constexpr Program kDeny = {0x00000000000000b7ULL, 0x95ULL};    // r0 = 0; exit
constexpr Program kBroken = {0x00000000000001b7ULL, 0x95ULL};  // r1 = 0; exit: r0 was never written

// What open("/dev/zero") says in the cgroup: 0 or its errno.
int open_a_device_in(int cgroup_fd) {
  CloneRequest request;
  request.cgroup_fd = cgroup_fd;
  const Child child = clone_process(
      request,
      [](void*) noexcept {
        const int fd = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
        exit_now(fd >= 0 ? 0 : errno);
      },
      nullptr);
  return wait_pidfd(child.pidfd.get())->code;
}

class DeviceFilter : public testing::Test {
 protected:
  void SetUp() override {
    REQUIRE_ROOT();
    if (!cgroup_) GTEST_SKIP() << cgroup_.reason();
    int failed = 0;
    if (!try_load_device_program(kAllow, "asylum_test", failed) && failed == EPERM) {
      GTEST_SKIP() << "needs permission for bpf(2)";
    }
  }
  TestCgroup cgroup_;
};

TEST_F(DeviceFilter, DecidesWhoOpens) {
  const Fd deny = load_device_program(kDeny, "asylum_test");
  EXPECT_EQ(open_a_device_in(cgroup_.fd()), 0);
  attach_device_program(cgroup_.fd(), deny.get());
  EXPECT_EQ(open_a_device_in(cgroup_.fd()), EPERM);
  detach_device_program(cgroup_.fd(), deny.get());
  EXPECT_EQ(open_a_device_in(cgroup_.fd()), 0);
}

TEST_F(DeviceFilter, StaysWhenItsDescriptorIsClosed) {
  attach_device_program(cgroup_.fd(), load_device_program(kDeny, "asylum_test").get());
  EXPECT_EQ(open_a_device_in(cgroup_.fd()), EPERM);
}

TEST_F(DeviceFilter, IsReplacedInItsPlace) {
  attach_device_program(cgroup_.fd(), load_device_program(kDeny, "asylum_test").get());
  const auto before = attached_device_programs(cgroup_.fd());
  ASSERT_EQ(before.size(), 1U);
  const Fd old = open_program(before[0]);
  replace_device_program(cgroup_.fd(), load_device_program(kAllow, "asylum_test").get(), old.get());
  EXPECT_EQ(open_a_device_in(cgroup_.fd()), 0);
  const auto after = attached_device_programs(cgroup_.fd());
  ASSERT_EQ(after.size(), 1U);
  EXPECT_NE(after, before);
}

TEST_F(DeviceFilter, AnAncestorsFilterStaysInForce) {
  attach_device_program(cgroup_.fd(), load_device_program(kDeny, "asylum_test").get());
  make_directory_at(cgroup_.fd(), "child", 0755);
  {
    const Fd child = open_at(cgroup_.fd(), "child", O_RDONLY | O_DIRECTORY);
    attach_device_program(child.get(), load_device_program(kAllow, "asylum_test").get());
    EXPECT_EQ(open_a_device_in(child.get()), EPERM);
    EXPECT_EQ(attached_device_programs(child.get()).size(), 1U) << "inherited ones must not count";
  }
  remove_at(cgroup_.fd(), "child", AT_REMOVEDIR);
}

TEST_F(DeviceFilter, TheVerifiersWordsAreShown) {
  const Error error = error_from([] { load_device_program(kBroken, "asylum_test"); });
  EXPECT_EQ(error.err, EACCES);
  EXPECT_THAT(error.detail, HasSubstr("R0 !read_ok"));
}

TEST_F(DeviceFilter, WithoutPrivilegeItIsNotPermitted) {
  in_child(CLONE_NEWUSER, [] {
    const Error error = error_from([] { load_device_program(kAllow, "asylum_test"); });
    EXPECT_EQ(error.err, EPERM);
    EXPECT_THAT(error.hint, HasSubstr("CAP_BPF"));
  });
}

}  // namespace
}  // namespace asylum::sys
