// SPDX-License-Identifier: Apache-2.0
// Single mounts in a private mount namespace, and what an image may try against them.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/mount/mount.h"
#include "tests/kernel/init_mounts_fixture.h"

namespace asylum::process {
namespace {

using ::testing::HasSubstr;
using namespace attribute;

TEST_F(InitMounts, TmpfsWithAttributesAndParameters) {
  plan_.mounts = {filesystem_mount("tmpfs", "/a/b", nosuid | noexec)};
  plan_.mounts[0].parameters = {{"mode", "1750", ""}, {"size", "4096", ""}};
  EXPECT_EQ(with([](InitContext& c) {
              make_mounts(c);
              const sys::Fd at = c.rootfs.open("/a/b", O_PATH);
              check(sys::filesystem_magic(at.get()) == TMPFS_MAGIC, "tmpfs");
              check((sys::status_of(at.get()).st_mode & 07777) == 01750, "mode");
              const auto flags = sys::mount_flags_of(at.get());
              check((flags & (ST_NOSUID | ST_NOEXEC)) == (ST_NOSUID | ST_NOEXEC), "attributes");
              check((flags & (ST_RDONLY | ST_NODEV)) == 0, "no more attributes");
            }),
            "");
}

TEST_F(InitMounts, TmpfsInheritsTheModeOfItsMountPoint) {
  ASSERT_EQ(::chmod(root_.at("/data").c_str(), 01711), 0);
  plan_.mounts = {filesystem_mount("tmpfs", "/data")};
  plan_.mounts[0].inherit_mode = true;
  EXPECT_EQ(with([](InitContext& c) {
              make_mounts(c);
              const sys::Fd at = c.rootfs.open("/data", O_PATH);
              check((sys::status_of(at.get()).st_mode & 07777) == 01711, "mode");
            }),
            "");
}

TEST_F(InitMounts, CopyUpFillsAReadOnlyTmpfs) {
  ASSERT_EQ(::mkdir(root_.at("/data/sub").c_str(), 0711), 0);
  write_file("/data/sub/file", "content", 0600);
  ASSERT_EQ(::chown(root_.at("/data/sub/file").c_str(), 12, 34), 0);
  ASSERT_EQ(::symlink("/etc/shadow", root_.at("/data/link").c_str()), 0);
  plan_.mounts = {filesystem_mount("tmpfs", "/data", rdonly)};
  plan_.mounts[0].copy_up = true;
  plan_.mounts[0].readonly_last = true;
  EXPECT_EQ(with([](InitContext& c) {
              make_mounts(c);
              make_mounts_readonly(c);
              const sys::Fd at = c.rootfs.open("/data", O_RDONLY | O_DIRECTORY);
              check(sys::filesystem_magic(at.get()) == TMPFS_MAGIC, "tmpfs");
              check((sys::mount_flags_of(at.get()) & ST_RDONLY) != 0, "read-only at the end");
              check(sys::read_file_at(at.get(), "sub/file") == "content", "content");
              check(sys::read_link_at(at.get(), "link") == "/etc/shadow", "link");
              const sys::Fd file = sys::open_at(at.get(), "sub/file", O_PATH);
              const auto status = sys::status_of(file.get());
              check((status.st_mode & 07777) == 0600, "mode");
              check(status.st_uid == 12 && status.st_gid == 34, "owner");
            }),
            "");
}

TEST_F(InitMounts, CopyUpGoesDeeperThanThereAreDescriptors) {
  const int levels = 600;
  sys::Fd at = sys::open_at(AT_FDCWD, root_.at("/data"), O_PATH | O_DIRECTORY);
  for (int i = 0; i < levels; ++i) {
    sys::make_directory_at(at.get(), "d", 0750);
    at = sys::open_at(at.get(), "d", O_PATH | O_DIRECTORY);
  }
  sys::write_all(sys::open_at(at.get(), "end", O_WRONLY | O_CREAT, 0644).get(), "the end");
  plan_.mounts = {filesystem_mount("tmpfs", "/data")};
  plan_.mounts[0].copy_up = true;
  EXPECT_EQ(with([](InitContext& c) {
              const rlimit few{64, 64};
              check(::setrlimit(RLIMIT_NOFILE, &few) == 0, "limit");
              make_mounts(c);
              sys::Fd deep = c.rootfs.open("/data", O_PATH | O_DIRECTORY);
              for (int i = 0; i < levels; ++i) {
                deep = sys::open_at(deep.get(), "d", O_PATH | O_DIRECTORY);
              }
              check((sys::status_of(deep.get()).st_mode & 07777) == 0750, "mode");
              check(sys::read_file_at(deep.get(), "end") == "the end", "content");
            }),
            "");
}

TEST_F(InitMounts, CopyUpTakesNothingOfSysfs) {
  symlink("/sys/kernel", "/data");
  plan_.mounts = {filesystem_mount("sysfs", "/sys"), filesystem_mount("tmpfs", "/data")};
  plan_.mounts[1].copy_up = true;
  EXPECT_EQ(with([](InitContext& c) {
              make_mounts(c);
              const sys::Fd at = c.rootfs.open("/data", O_RDONLY | O_DIRECTORY);
              check(sys::filesystem_magic(at.get()) == TMPFS_MAGIC, "tmpfs");
              check(sys::list_directory(at.get()).empty(), "nothing is copied");
            }),
            "");
}

TEST_F(InitMounts, ParametersThatFsconfigCannotCarry) {
  if (sys::read_file_at(AT_FDCWD, "/proc/filesystems").find("\toverlay\n") == std::string::npos) {
    GTEST_SKIP() << "this kernel has no overlay file system";
  }
  // overlay's lowerdir takes any length with mount(2), 255 bytes with fsconfig.
  std::string lower;
  for (int i = 0; i < 6; ++i) {
    const std::string name = cat("/data/", std::string(50, static_cast<char>('a' + i)));
    ASSERT_EQ(::mkdir(root_.at(name).c_str(), 0755), 0);
    if (!lower.empty()) lower += ':';
    lower += root_.at(name);
  }
  plan_.mounts = {filesystem_mount("overlay", "/tmp", nodev | rdonly)};
  plan_.mounts[0].parameters = {{"lowerdir", lower, "/mounts/0/options/0"}};
  ASSERT_GT(lower.size(), 255U);
  EXPECT_EQ(with([](InitContext& c) {
              make_mounts(c);
              const sys::Fd at = c.rootfs.open("/tmp", O_PATH);
              check(sys::filesystem_magic(at.get()) == OVERLAYFS_SUPER_MAGIC, "overlay");
              check((sys::mount_flags_of(at.get()) & ST_NODEV) != 0, "attributes");
            }),
            "");
}

// What only mount(2) can carry is a mount like every other one: attributes, copy-up and a root are
// the same.
TEST_F(InitMounts, ALongOptionChangesNothingElse) {
  write_file("/data/file", "content");
  plan_.mounts = {filesystem_mount("tmpfs", "/data", rdonly | noatime)};
  plan_.mounts[0].copy_up = true;
  plan_.mounts[0].readonly_last = true;
  plan_.mounts[0].parameters = {{"size", cat(std::string(300, '0'), "4000000"), ""}};
  EXPECT_EQ(with([](InitContext& c) {
              make_mounts(c);
              make_mounts_readonly(c);
              const sys::Fd at = c.rootfs.open("/data", O_RDONLY | O_DIRECTORY);
              check(sys::filesystem_magic(at.get()) == TMPFS_MAGIC, "tmpfs");
              const auto flags = sys::mount_flags_of(at.get());
              check((flags & ST_RDONLY) != 0 && (flags & ST_NOATIME) != 0, "attributes");
              check(sys::read_file_at(at.get(), "file") == "content", "copied up");
            }),
            "");
  plan_.mounts[0].destination = "/";
  plan_.mounts[0].copy_up = false;
  EXPECT_EQ(with([](InitContext& c) {
              make_mounts(c);
              check(sys::filesystem_magic(c.rootfs.root()) == TMPFS_MAGIC, "the new root");
            }),
            "");
}

TEST_F(InitMounts, UnknownFileSystemAndParameter) {
  plan_.mounts = {filesystem_mount("nosuchfs", "/data")};
  EXPECT_THAT(with(make_mounts), HasSubstr("cannot mount nosuchfs on /data"));
  plan_.mounts = {filesystem_mount("tmpfs", "/data")};
  plan_.mounts[0].parameters = {{"nosuchoption", "1", "/mounts/0/options/3"}};
  EXPECT_THAT(with(make_mounts), HasSubstr("config.json#/mounts/0/options/3"));
}

// ---- binds --------------------------------------------------------------------------------------

TEST_F(InitMounts, BindsFilesAndDirectories) {
  sys::TemporaryDirectory host;
  host.write("file", "from the host");
  plan_.mounts = {bind_mount(host.path(), "/new/directory", true),
                  bind_mount(host.path() + "/file", "/new/file")};
  plan_.mounts[0].attributes.set = rdonly | nosuid;
  EXPECT_EQ(with([](InitContext& c) {
              make_mounts(c);
              const sys::Fd root = c.rootfs.open("/new", O_RDONLY | O_DIRECTORY);
              check(sys::read_file_at(root.get(), "file") == "from the host", "file");
              check(sys::read_file_at(root.get(), "directory/file") == "from the host", "inside");
              const sys::Fd at = c.rootfs.open("/new/directory", O_PATH);
              check((sys::mount_flags_of(at.get()) & ST_RDONLY) != 0, "read-only");
            }),
            "");
}

TEST_F(InitMounts, RecursiveAttributesReachTheTree) {
  plan_.mounts = {filesystem_mount("tmpfs", "/data"), filesystem_mount("tmpfs", "/data/below")};
  EXPECT_EQ(with([this](InitContext& c) {
              make_mounts(c);
              plan_.mounts = {bind_mount(root_.at("/data"), "/one", true),
                              bind_mount(root_.at("/data"), "/all", true)};
              plan_.mounts[0].attributes.set = rdonly;
              plan_.mounts[1].recursive_attributes.set = rdonly;
              make_mounts(c);
              auto is_readonly = [&](const char* path) {
                const sys::Fd at = c.rootfs.open(path, O_PATH);
                return (sys::mount_flags_of(at.get()) & ST_RDONLY) != 0;
              };
              check(is_readonly("/one") && !is_readonly("/one/below"), "only the top");
              check(is_readonly("/all") && is_readonly("/all/below"), "all");
            }),
            "");
}

TEST_F(InitMounts, MissingBindSourceIsNamed) {
  plan_.mounts = {bind_mount("/no/such", "/data")};
  const std::string error = with(make_mounts);
  EXPECT_THAT(error, HasSubstr("\"/no/such\": no such file or directory"));
  EXPECT_THAT(error, HasSubstr("config.json#/mounts/0/source"));
}

TEST_F(InitMounts, LinksInTheImageStayInTheRoot) {
  // CVE-2021-30465, CVE-2024-45310: /escape would lead to the host's /tmp.
  sys::TemporaryDirectory outside;
  symlink("../../../../../../.." + outside.path(), "/escape");
  plan_.mounts = {filesystem_mount("tmpfs", "/escape/made")};
  EXPECT_EQ(with(make_mounts), "");
  EXPECT_FALSE(outside.exists("made"));
  EXPECT_EQ(::access(root_.at(outside.path() + "/made").c_str(), F_OK), 0) << "inside instead";
}

TEST_F(InitMounts, SymlinksAreMountedOnOrCopiedWhenAsked) {
  sys::TemporaryDirectory host;
  ASSERT_EQ(::symlink("some/where", (host.path() + "/link").c_str()), 0);
  plan_.mounts = {bind_mount(host.path() + "/link", "/copied")};
  plan_.mounts[0].copy_symlink = true;
  EXPECT_EQ(with([](InitContext& c) {
              make_mounts(c);
              check(sys::read_link_at(c.rootfs.root(), "copied") == "some/where", "link");
            }),
            "");
}

// ---- proc and sysfs -----------------------------------------------------------------------------

TEST_F(InitMounts, ProcNeedsAnOrdinaryDirectory) {
  symlink("/data", "/proc");
  plan_.mounts = {filesystem_mount("proc", "/proc")};
  EXPECT_THAT(with(make_mounts), HasSubstr("must be mounted on ordinary directory"));
}

TEST_F(InitMounts, SysfsNeedsAnOrdinaryPath) {
  symlink("/data", "/link");
  ASSERT_EQ(::mkdir(root_.at("/data/sys").c_str(), 0755), 0);
  plan_.mounts = {filesystem_mount("sysfs", "/link/sys")};
  EXPECT_THAT(with(make_mounts), HasSubstr("must be mounted on ordinary directory"));
}

TEST_F(InitMounts, NothingIsMountedInsideProc) {
  symlink("/proc/self", "/innocent");
  for (const char* destination : {"/proc/self/attr", "/innocent/attr", "/proc"}) {
    plan_.mounts = {filesystem_mount("proc", "/proc"), filesystem_mount("tmpfs", destination)};
    EXPECT_THAT(with(make_mounts), HasSubstr("cannot be mounted because it is inside /proc"))
        << destination;
  }
  sys::TemporaryDirectory host;
  host.write("cpuinfo", "one");
  plan_.mounts = {filesystem_mount("proc", "/proc"),
                  bind_mount(host.path() + "/cpuinfo", "/proc/cpuinfo")};
  EXPECT_EQ(with(make_mounts), "") << "lxcfs replaces it";
}

// ---- remount, root, propagation -----------------------------------------------------------------

TEST_F(InitMounts, RemountChangesAttributesInPlace) {
  plan::Mount remount;
  remount.kind = plan::MountKind::remount;
  remount.destination = "/data";
  remount.attributes.set = rdonly;
  remount.pointer = "/mounts/1";
  plan_.mounts = {filesystem_mount("tmpfs", "/data", nosuid), remount};
  EXPECT_EQ(with([](InitContext& c) {
              make_mounts(c);
              const sys::Fd at = c.rootfs.open("/data", O_PATH);
              const auto flags = sys::mount_flags_of(at.get());
              check((flags & ST_RDONLY) != 0 && (flags & ST_NOSUID) != 0, "flags");
            }),
            "");
  plan_.mounts = {remount};
  EXPECT_THAT(with(make_mounts), HasSubstr("\"/data\" is not a mount point"));
}

TEST_F(InitMounts, AMountOnTheRootReplacesIt) {
  plan_.mounts = {filesystem_mount("tmpfs", "/"), filesystem_mount("tmpfs", "/inside")};
  EXPECT_EQ(with([](InitContext& c) {
              make_mounts(c);
              check(sys::filesystem_magic(c.rootfs.root()) == TMPFS_MAGIC, "tmpfs root");
              check(!c.rootfs.try_open("/bin", O_PATH), "the image is covered");
              check(c.rootfs.try_open("/inside", O_PATH).has_value(), "later mounts are inside");
              change_root(c);
              check(::access("/inside", F_OK) == 0 && ::access("/bin", F_OK) != 0, "pivoted");
            }),
            "");
  EXPECT_NE(::access(root_.at("/inside").c_str(), F_OK), 0);
}

TEST_F(InitMounts, AMountOnALinkToTheRootReplacesItToo) {
  ASSERT_EQ(::symlink("/", root_.at("/self").c_str()), 0);
  plan_.mounts = {filesystem_mount("tmpfs", "/self")};
  EXPECT_EQ(with([](InitContext& c) {
              make_mounts(c);
              check(sys::filesystem_magic(c.rootfs.root()) == TMPFS_MAGIC, "tmpfs root");
            }),
            "");
}

TEST_F(InitMounts, ASharedParentDoesNotStopPivotRoot) {
  plan_.root.parent_propagation = {Propagation::shared, true};
  plan_.root.propagation = PropagationChange{Propagation::shared, false};
  EXPECT_EQ(with([](InitContext& c) {
              change_root(c);
              set_root_propagation(c);
              check(::access("/bin/busybox", F_OK) == 0, "in the root");
            }),
            "");
}

}  // namespace
}  // namespace asylum::process
