// SPDX-License-Identifier: Apache-2.0
// The cgroup driver on the kernel's own cgroup2, in directories of its own.
#include "runtime/cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/driver.h"
#include "runtime/container/host/probe_cgroups.h"
#include "runtime/container/host/probe_host.h"
#include "runtime/plan/resources/device_filter.h"
#include "runtime/plan/types/plan.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/process/process.h"

namespace asylum::cgroup {
namespace {

using ::testing::ElementsAre;

void sleep_until_killed(void*) noexcept {
  ::pause();
  sys::exit_now(0);
}

void try_forbidden_device(void*) noexcept {
  const int zero = ::open("/dev/zero", O_RDONLY | O_CLOEXEC);
  // A private /dev may be without it; making nodes is allowed to everybody in a cgroup.
  (void)::mknod("/dev/kmsg", S_IFCHR | 0600, makedev(1, 11));
  const int kmsg = ::open("/dev/kmsg", O_WRONLY | O_CLOEXEC);
  sys::exit_now((zero < 0 ? 1 : 0) + (kmsg >= 0 || errno != EPERM ? 2 : 0));
}

/// A process in a cgroup; killed and reaped at the end.
class Inmate {
 public:
  explicit Inmate(const Cgroup& cgroup, sys::ChildMain run = sleep_until_killed)
      : child_(sys::clone_process({.cgroup_fd = cgroup.fd()}, run, nullptr)) {}
  ~Inmate() {
    if (reaped_) return;
    static_cast<void>(sys::try_send_signal(child_.pidfd.get(), SIGKILL));
    static_cast<void>(sys::wait_pidfd(child_.pidfd.get()));
  }
  Inmate(const Inmate&) = delete;
  Inmate& operator=(const Inmate&) = delete;
  bool lives() const {
    return !sys::wait_for(child_.pidfd.get(), POLLIN, sys::Deadline::after_ms(0));
  }
  pid_t pid() const { return child_.pid; }
  sys::WaitResult wait() {
    reaped_ = true;
    return *sys::wait_pidfd(child_.pidfd.get());
  }

 private:
  sys::Child child_;
  bool reaped_ = false;
};

class CgroupKernelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    mount_point_ = container::probe_cgroups().mount_point;
    if (mount_point_.empty()) GTEST_SKIP() << "needs a cgroup2 mount";
    top_ = cat("/asylum-test-", ::getpid());
    witness_.intend = [](std::span<const std::string>) {};
    witness_.abandon = [](const std::string&) {};
    witness_.made = [this](std::span<const Directory> made) {
      made_.assign(made.begin(), made.end());
    };
  }
  void TearDown() override {
    if (!mount_point_.empty()) {
      EXPECT_FALSE(exists(top_)) << "left behind";
    }
  }

  bool exists(const std::string& path) const {
    return sys::try_identity_at(AT_FDCWD, mount_point_ + path).has_value();
  }
  Cgroup make(const std::string& path, std::optional<plan::DeviceFilter> filter = {}) {
    plan::Cgroup plan;
    plan.mount_point = mount_point_;
    plan.path = path;
    plan.device_filter = std::move(filter);
    Cgroup cgroup = driver_->create({plan, false, {}}, witness_);
    place_ = {mount_point_, made_.back(), made_};
    place_.ancestors.pop_back();
    return cgroup;
  }
  void remove(const Place& place) { driver_->remove(place, sys::Deadline::after_ms(5000)); }

  const std::unique_ptr<Driver> driver_ = make_driver(CgroupManager::cgroupfs);
  std::string mount_point_;
  std::string top_;
  Witness witness_;
  std::vector<Directory> made_;  // by the last create
  Place place_;
};

TEST_F(CgroupKernelTest, IsMadeWithItsAncestorsAndRemovedWithThem) {
  make(top_ + "/a/web1");
  EXPECT_TRUE(exists(top_ + "/a/web1"));
  EXPECT_EQ(place_.ancestors.size(), 2U);
  remove(place_);
}

TEST_F(CgroupKernelTest, RemovalKillsWhatLivesInItAndBelow) {
  const Cgroup cgroup = make(top_ + "/web1");
  sys::make_directory_at(cgroup.fd(), "sub", 0755);
  sys::make_directory_at(cgroup.fd(), "sub/sub", 0755);
  const Cgroup below(sys::open_at(cgroup.fd(), "sub/sub", O_RDONLY | O_DIRECTORY), "sub");
  const Inmate one(cgroup);
  const Inmate two(below);
  EXPECT_TRUE(cgroup.is_populated());
  std::vector<pid_t> pids = cgroup.pids();
  EXPECT_THAT(pids, ::testing::UnorderedElementsAre(one.pid(), two.pid()));
  remove(place_);
  EXPECT_FALSE(one.lives());
  EXPECT_FALSE(two.lives());
}

TEST_F(CgroupKernelTest, AnotherCgroupOfTheSameNameIsLeftAlone) {
  const Cgroup cgroup = make(top_);
  const Inmate inmate(cgroup);
  Place stale = place_;
  stale.directory.inode += 1;
  EXPECT_FALSE(driver_->find(stale));
  remove(stale);
  EXPECT_TRUE(exists(top_));
  EXPECT_TRUE(inmate.lives());
  stale.directory.inode = 0;  // a lone intent: rmdir is tried, and refused
  remove(stale);
  EXPECT_TRUE(inmate.lives());
  ASSERT_TRUE(driver_->find(place_));
  remove(place_);
}

TEST_F(CgroupKernelTest, TheLastOfSeveralContainersRemovesTheSharedAncestor) {
  make(top_ + "/web1");
  const Place first = place_;
  make(top_ + "/web2");
  EXPECT_TRUE(place_.ancestors.empty());  // found, not made
  remove(first);
  EXPECT_TRUE(exists(top_));
  remove(place_);
}

TEST_F(CgroupKernelTest, FreezesAndThaws) {
  const Cgroup cgroup = make(top_);
  const Inmate inmate(cgroup);
  cgroup.set_frozen(true, sys::Deadline::after_ms(5000));
  EXPECT_TRUE(cgroup.is_frozen());
  cgroup.set_frozen(false, sys::Deadline::after_ms(5000));
  EXPECT_FALSE(cgroup.is_frozen());
  cgroup.set_frozen(true, sys::Deadline::after_ms(5000));
  remove(place_);  // a frozen process dies as well
  EXPECT_FALSE(inmate.lives());
}

TEST_F(CgroupKernelTest, WaitingEndsWithTheLastProcessOrTheDeadline) {
  const Cgroup cgroup = make(top_);
  const Inmate inmate(cgroup);
  EXPECT_FALSE(cgroup.wait_until_empty(sys::Deadline::after_ms(20)));
  cgroup.kill_all();
  EXPECT_TRUE(cgroup.wait_until_empty(sys::Deadline::after_ms(5000)));
  remove(place_);
}

TEST_F(CgroupKernelTest, TheDeviceFilterHoldsInside) {
  const Cgroup cgroup =
      make(top_, plan::DeviceFilter{plan::device_filter_program({}), "/linux/resources/devices"});
  Inmate inmate(cgroup, try_forbidden_device);
  const sys::WaitResult result = inmate.wait();
  EXPECT_TRUE(result.exited);
  EXPECT_EQ(result.code, 0) << "1: /dev/zero is refused; 2: /dev/kmsg is not";
  remove(place_);
}

TEST_F(CgroupKernelTest, ARefusedControlWriteNamesFileValueAndPointer) {
  plan::Cgroup plan;
  plan.mount_point = mount_point_;
  plan.path = top_;
  plan.writes = {{"cgroup.max.depth", "nonsense", "", "/linux/resources/unified/cgroup.max.depth"}};
  try {
    static_cast<void>(driver_->create({plan, false, {}}, witness_));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.err, EINVAL);
    EXPECT_EQ(error.pointer, "/linux/resources/unified/cgroup.max.depth");
    EXPECT_THAT(error.detail, ::testing::HasSubstr("nonsense"));
  }
  remove({mount_point_, made_.back(), {}});
}

/// A controller that may be enabled for everybody: because it is, or because this machine is thrown
/// away afterwards (integration/vm/old-kernel). Else "".
std::string usable_controller(const std::string& mount_point) {
  const bool disposable = ::getenv("ASYLUM_OLD_KERNEL") != nullptr;
  const std::string list = sys::read_file_at(
      AT_FDCWD, cat(mount_point, disposable ? "/cgroup.controllers" : "/cgroup.subtree_control"));
  return list.find("pids") == std::string::npos ? "" : "pids";
}

TEST_F(CgroupKernelTest, ControllersAreEnabledAlongThePathAndLimitsHold) {
  if (usable_controller(mount_point_).empty()) GTEST_SKIP() << "needs the pids controller";
  plan::Cgroup plan;
  plan.mount_point = mount_point_;
  plan.path = top_ + "/a/web1";
  plan.controllers = {"pids"};
  plan.writes = {{"pids.max", "7", "pids", "/linux/resources/pids/limit"}};
  const Cgroup cgroup = driver_->create({plan, false, {}}, witness_);
  EXPECT_EQ(sys::read_file_at(cgroup.fd(), "pids.max"), "7\n");
  std::vector<Directory> ancestors = made_;
  ancestors.pop_back();
  remove({mount_point_, made_.back(), ancestors});
}

TEST_F(CgroupKernelTest, AnAncestorWithProcessesIsNamedByTheRuleItBreaks) {
  if (usable_controller(mount_point_).empty()) GTEST_SKIP() << "needs the pids controller";
  plan::Cgroup plan;
  plan.mount_point = mount_point_;
  plan.path = top_ + "/first";
  plan.controllers = {"pids"};
  static_cast<void>(driver_->create({plan, false, {}}, witness_));
  const Place first{mount_point_, made_.back(), {made_.front()}};
  // Domain controllers only: pids is threaded, but a cgroup with processes of its own may not give
  // any to children that are domains.
  make(top_ + "/parent");
  const Place parent = place_;
  const Inmate inmate(*driver_->find(parent));
  plan.path = top_ + "/parent/web1";
  plan.controllers = {"memory"};
  plan.writes = {{"memory.max", "1073741824", "memory", "/linux/resources/memory/limit"}};
  try {
    static_cast<void>(driver_->create({plan, false, {}}, witness_));
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.err, EBUSY);
    EXPECT_THAT(error.hint, ::testing::HasSubstr(top_ + "/parent has processes of its own"));
  }
  remove(parent);
  remove(first);
}

TEST_F(CgroupKernelTest, ADirectoryThatIsGoneIsRemovedAlready) {
  make(top_ + "/web1");
  remove(place_);
  EXPECT_NO_THROW(remove(place_));
  EXPECT_FALSE(driver_->find(place_));
}

TEST_F(CgroupKernelTest, ACgroupOutOfReachDoesNotKeepAContainerFromBeingDeleted) {
  EXPECT_NO_THROW(remove({"/proc", {"/web1", 7}, {}}));
  EXPECT_NO_THROW(remove({"/no/such/mount", {"/web1", 7}, {}}));
}

TEST_F(CgroupKernelTest, IsGivenToTheContainersOwnerWhenDelegated) {
  plan::Cgroup plan;
  plan.mount_point = mount_point_;
  plan.path = top_;
  plan.delegate = true;
  const Cgroup cgroup = driver_->create({plan, false, 1234}, witness_);
  for (const char* file : {"cgroup.procs", "cgroup.subtree_control", "cgroup.threads"}) {
    const sys::Fd open = sys::open_at(cgroup.fd(), file, O_PATH);
    EXPECT_EQ(sys::status_of(open.get()).st_uid, 1234U) << file;
  }
  EXPECT_EQ(sys::status_of(cgroup.fd()).st_uid, 1234U);
  // Limits stay the host's.
  EXPECT_EQ(sys::status_of(sys::open_at(cgroup.fd(), "cgroup.kill", O_PATH).get()).st_uid, 0U);
  remove({mount_point_, made_.back(), {}});
}

TEST_F(CgroupKernelTest, WhatIsNoCgroup2IsRefused) {
  plan::Cgroup plan;
  plan.mount_point = "/proc";
  plan.path = top_;
  EXPECT_THROW(static_cast<void>(driver_->create({plan, false, {}}, witness_)), Error);
}

}  // namespace
}  // namespace asylum::cgroup
