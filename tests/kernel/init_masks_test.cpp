// SPDX-License-Identifier: Apache-2.0
// Device nodes, masks and read-only paths, and what an image may try against them.
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "runtime/plan/types/plan.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/file.h"
#include "tests/kernel/init_mounts_fixture.h"

namespace asylum::process {
namespace {

using ::testing::HasSubstr;

class InitMasks : public InitMounts {};

TEST_F(InitMasks, AnExistingNodeMustBeTheVeryDevice) {
  write_file("/dev/null", "not a device");
  plan_.devices = {{"/dev/null", 'c', 1, 3}};
  EXPECT_THAT(with(make_devices), HasSubstr("exists and is not the device c 1:3"));
  ::unlink(root_.at("/dev/null").c_str());
  ASSERT_EQ(::symlink("/dev/zero", root_.at("/dev/null").c_str()), 0);
  EXPECT_THAT(with(make_devices), HasSubstr("exists and is not the device"));
  ::unlink(root_.at("/dev/null").c_str());
  ASSERT_EQ(::mknod(root_.at("/dev/null").c_str(), S_IFCHR | 0600, ::makedev(1, 3)), 0);
  EXPECT_EQ(with([](InitContext& c) {
              make_devices(c);
              const sys::Fd at = c.rootfs.open("/dev/null", O_PATH);
              check((sys::status_of(at.get()).st_mode & 07777) == 0666, "mode of the config");
            }),
            "");
}

TEST_F(InitMasks, ADevThatIsALinkStaysInTheRoot) {
  // CVE-2026-41579's class.
  sys::TemporaryDirectory outside;
  symlink(outside.path(), "/dev");
  plan_.devices = {{"/dev/null", 'c', 1, 3}};
  plan_.links = {{"/dev/fd", "/proc/self/fd"}};
  EXPECT_EQ(with([](InitContext& c) {
              make_devices(c);
              make_links(c);
            }),
            "");
  EXPECT_FALSE(outside.exists("null"));
  EXPECT_FALSE(outside.exists("fd"));
}

TEST_F(InitMasks, BoundDevicesAreTheHosts) {
  plan_.devices = {{"/dev/null", 'c', 1, 3}};
  plan_.devices[0].bind_from_host = true;
  EXPECT_EQ(with([](InitContext& c) {
              make_devices(c);
              open_dev_null(c);
            }),
            "");
  plan_.devices = {{"/dev/zero", 'c', 1, 3}};
  plan_.devices[0].bind_from_host = true;
  EXPECT_THAT(with(make_devices), HasSubstr("is not the device 1:3"));
}

TEST_F(InitMasks, MasksTakeOnlyAVerifiedNull) {
  // CVE-2025-31133.
  ASSERT_EQ(::symlink("/etc/passwd", root_.at("/dev/null").c_str()), 0);
  EXPECT_NE(with(open_dev_null), "");
  ::unlink(root_.at("/dev/null").c_str());
  write_file("/dev/null", "");
  EXPECT_THAT(with(open_dev_null), HasSubstr("is not the character device 1:3"));
}

TEST_F(InitMasks, TheRootAsAReadOnlyPathIsReadOnly) {
  ASSERT_EQ(::symlink("../..", root_.at("/self").c_str()), 0);
  for (const char* path : {"/", "/self"}) {
    plan_.readonly_paths = {{path, "/linux/readonlyPaths/0"}};
    EXPECT_EQ(with([](InitContext& c) {
                change_root(c);
                make_paths_readonly(c);
                check(::mkdir("/new", 0755) != 0 && errno == EROFS, "nothing can be made in it");
              }),
              "")
        << path;
  }
}

TEST_F(InitMasks, TheRootCannotBeMasked) {
  ASSERT_EQ(::symlink("/", root_.at("/self").c_str()), 0);
  for (const char* path : {"/", "/self"}) {
    plan_.masked_paths = {{path, "/linux/maskedPaths/0"}};
    EXPECT_THAT(with([](InitContext& c) {
                  change_root(c);
                  mask_paths(c);
                }),
                HasSubstr("is the root directory, which cannot be masked"))
        << path;
  }
}

TEST_F(InitMasks, WithoutADevOfItsOwnMasksAreTheHostsNull) {
  write_file("/secret", "secret");
  write_file("/other", "secret");
  write_file("/dev/null", "the image's");
  plan_.own_dev = false;
  plan_.masked_paths = {{"/secret", ""}, {"/other", ""}};
  EXPECT_EQ(with([](InitContext& c) {
              clone_host_null(c);
              change_root(c);
              mask_paths(c);
              for (const char* path : {"/secret", "/other"}) {
                const sys::Fd at = c.rootfs.open(path, O_PATH);
                check(sys::status_of(at.get()).st_rdev == ::makedev(1, 3), "masked");
                check(::chmod(path, 0) != 0 && errno == EROFS, "its mode is the host's");
              }
            }),
            "");
}

TEST_F(InitMasks, MasksOfEveryKindOfPath) {
  write_file("/secret", "secret");
  ASSERT_EQ(::symlink("/secret", root_.at("/link").c_str()), 0);
  ASSERT_EQ(::symlink("/nowhere", root_.at("/dangling").c_str()), 0);
  for (const char* path : {"/link", "/link", "/dangling", "/missing/below", "/data", "/data",
                           "/data/below", "/tmp", "/etc/passwd/file"}) {
    plan_.masked_paths.push_back({path, "/linux/maskedPaths/0"});
  }
  plan_.devices = {{"/dev/null", 'c', 1, 3}};
  EXPECT_EQ(with([](InitContext& c) {
              make_devices(c);
              change_root(c);
              open_dev_null(c);
              mask_paths(c);
              const sys::Fd secret = c.rootfs.open("/secret", O_PATH);
              check(sys::status_of(secret.get()).st_rdev == ::makedev(1, 3), "file is null");
              for (const char* path : {"/data", "/tmp"}) {
                const sys::Fd at = c.rootfs.open(path, O_PATH);
                check(sys::filesystem_magic(at.get()) == TMPFS_MAGIC, "directory is tmpfs");
                check((sys::mount_flags_of(at.get()) & ST_RDONLY) != 0, "read-only");
              }
              const sys::Fd one = c.rootfs.open("/data", O_PATH);
              const sys::Fd two = c.rootfs.open("/tmp", O_PATH);
              check(sys::status_of(one.get()).st_dev == sys::status_of(two.get()).st_dev,
                    "one superblock for all");
            }),
            "");
}

}  // namespace
}  // namespace asylum::process
