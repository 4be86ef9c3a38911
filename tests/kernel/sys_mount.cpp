// SPDX-License-Identifier: Apache-2.0
// Mounts built detached and attached by descriptor; errors that say which option, which flag, which
// limit.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/mount/fs_context.h"
#include "runtime/sys/mount/legacy_mount.h"
#include "runtime/sys/mount/mount.h"
#include "runtime/sys/mount/rootfs.h"
#include "runtime/sys/process/namespaces.h"
#include "runtime/sys/process/proc_text.h"
#include "runtime/sys/procfs.h"
#include "tests/kernel/kernel_support.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::sys {
namespace {

using testing::HasSubstr;

Fd tmpfs_mount(std::uint64_t attributes = 0) {
  FsContext context("tmpfs");
  context.set_string("size", "64k");
  context.create();
  return context.mount(attributes);
}

// A private mount namespace with an own tmpfs at DIR/root, attached.
template <typename Body>
void in_mount_namespace(Body body) {
  const TemporaryDirectory dir;
  make_directory_at(dir.fd(), "root", 0755);
  in_child(CLONE_NEWNS, [&] {
    const Fd root = tmpfs_mount();
    // By path: a descriptor from before the unshare lies in the namespace before it.
    move_mount(root.get(), open_at(AT_FDCWD, dir.path() + "/root", O_PATH).get());
    body(Rootfs(open_at(AT_FDCWD, dir.path() + "/root", O_PATH | O_DIRECTORY)));
  });
}

TEST(Mount, BuiltDetachedAttachedByDescriptor) {
  REQUIRE_ROOT();
  in_mount_namespace([](const Rootfs& root) {
    const Fd target = root.make_directories("/data");
    const Fd mount = tmpfs_mount(MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV);
    move_mount(mount.get(), target.get());
    const Fd seen = root.open("/data", O_PATH);
    EXPECT_EQ(filesystem_magic(seen.get()), static_cast<std::uint64_t>(TMPFS_MAGIC));
    EXPECT_TRUE(is_mount_root(seen.get()));
    EXPECT_EQ(mount_id_of(seen.get()), mount_id_of(mount.get()));
    EXPECT_EQ(mount_flags_of(seen.get()) & (ST_NOSUID | ST_NODEV | ST_RDONLY),
              static_cast<std::uint64_t>(ST_NOSUID | ST_NODEV));
  });
}

TEST(Mount, AttributesAreSetAndClearedForATree) {
  REQUIRE_ROOT();
  in_mount_namespace([](const Rootfs& root) {
    move_mount(tmpfs_mount().get(), root.make_directories("/a").get());
    move_mount(tmpfs_mount().get(), root.make_directories("/a/b").get());
    const Fd clone = clone_tree(root.open("/a", O_PATH).get(), true);
    set_attributes(clone.get(), MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC, 0, MS_PRIVATE, true);
    move_mount(clone.get(), root.make_directories("/copy").get());
    for (const char* path : {"/copy", "/copy/b"}) {
      const Fd seen = root.open(path, O_PATH);
      EXPECT_NE(mount_flags_of(seen.get()) & ST_RDONLY, 0U) << path;
      EXPECT_NE(mount_flags_of(seen.get()) & ST_NOEXEC, 0U) << path;
      set_attributes(seen.get(), 0, MOUNT_ATTR_RDONLY, 0, false);
      EXPECT_EQ(mount_flags_of(root.open(path, O_PATH).get()) & ST_RDONLY, 0U) << path;
    }
    EXPECT_EQ(mount_flags_of(root.open("/a/b", O_PATH).get()) & ST_NOEXEC, 0U)
        << "the original changed";
  });
}

TEST(Mount, ACloneWithoutRecursionLeavesSubmountsBehind) {
  REQUIRE_ROOT();
  in_mount_namespace([](const Rootfs& root) {
    move_mount(tmpfs_mount().get(), root.make_directories("/a/b").get());
    root.make_file("/a/b/file");
    move_mount(clone_tree(root.open("/a", O_PATH).get(), false).get(),
               root.make_directories("/flat").get());
    move_mount(clone_tree(root.open("/a", O_PATH).get(), true).get(),
               root.make_directories("/deep").get());
    EXPECT_FALSE(root.try_open("/flat/b/file", O_PATH));
    EXPECT_TRUE(root.try_open("/deep/b/file", O_PATH));
  });
}

TEST(Mount, AWrongOptionIsNamedWithItsPointerAndASuggestion) {
  REQUIRE_ROOT();
  in_child(CLONE_NEWNS, [] {
    const Error unknown =
        error_from([] { FsContext("tmpfs").set_string("sise", "10m", "/mounts/0/options/0"); });
    EXPECT_THAT(unknown.detail, HasSubstr("tmpfs rejected option \"sise=10m\""));
    EXPECT_THAT(unknown.detail, HasSubstr("Unknown parameter"));
    EXPECT_EQ(unknown.pointer, "/mounts/0/options/0");
    EXPECT_EQ(unknown.hint, "did you mean \"size\"?");
    const Error value =
        error_from([] { FsContext("tmpfs").set_string("size", "ten", "/mounts/0/options/0"); });
    EXPECT_THAT(value.detail, HasSubstr("\"size=ten\""));
    EXPECT_EQ(value.hint, "");
    const Error flag = error_from([] { FsContext("tmpfs").set_flag("nonsense", "/x"); });
    EXPECT_THAT(flag.detail, HasSubstr("\"nonsense\""));
  });
}

TEST(Mount, AnUnknownFileSystemIsUnsupported) {
  REQUIRE_ROOT();
  const Error error = error_from([] { FsContext("nosuchfs"); });
  EXPECT_EQ(error.kind, ErrorKind::unsupported);
  EXPECT_EQ(error.detail, "this kernel has no file system \"nosuchfs\"");
}

TEST(Mount, AFileOnADirectoryAndTheOtherWayRoundAreTold) {
  REQUIRE_ROOT();
  in_mount_namespace([](const Rootfs& root) {
    const Fd file = root.make_file("/file");
    const Fd directory = root.make_directories("/directory");
    const Fd file_mount = clone_tree(file.get(), false);
    const Fd directory_mount = clone_tree(directory.get(), false);
    EXPECT_EQ(error_from([&] { move_mount(file_mount.get(), directory.get()); }).detail,
              "a file cannot be mounted on a directory");
    EXPECT_EQ(error_from([&] { move_mount(directory_mount.get(), file.get()); }).detail,
              "a directory cannot be mounted on a file");
    move_mount(file_mount.get(), root.make_file("/other").get());
  });
}

TEST(Mount, ReconfigureChangesTheSuperblock) {
  REQUIRE_ROOT();
  in_mount_namespace([](const Rootfs& root) {
    const Fd at = root.open("/", O_PATH | O_DIRECTORY);
    FsContext context = FsContext::pick(at.get());
    context.set_flag("ro");
    context.reconfigure();
    EXPECT_EQ(error_from([&] { root.make_directories("/x"); }).err, EROFS);
  });
}

TEST(MountLegacy, CarriesWhatFsconfigCannot) {
  REQUIRE_ROOT();
  in_mount_namespace([](const Rootfs& root) {
    const std::string longest(300, '0');
    EXPECT_FALSE(FsContext::can_carry("size", longest));
    EXPECT_TRUE(FsContext::can_carry("size", std::string(255, '0')));
    EXPECT_TRUE(error_from([&] { FsContext("tmpfs").set_string("size", longest); }).err == EINVAL);
    root.make_directories("/data");
    const char* const before = ::get_current_dir_name();
    const std::size_t mounts = split(Procfs::open_host().read("self/mountinfo"), '\n').size();
    const LegacyMount request{"tmpfs", "none", MS_NODEV, cat("size=", longest, "65536")};
    const Fd mounted = mount_on_scratch(request, Procfs::open());
    EXPECT_EQ(filesystem_magic(mounted.get()), static_cast<std::uint64_t>(TMPFS_MAGIC));
    EXPECT_NE(mount_flags_of(mounted.get()) & ST_NODEV, 0U);
    EXPECT_STREQ(::get_current_dir_name(), before);
    EXPECT_EQ(split(Procfs::open_host().read("self/mountinfo"), '\n').size(), mounts)
        << "it is detached, and the scratch directory is gone";
    move_mount(mounted.get(), root.open("/data", O_PATH).get());
    EXPECT_TRUE(is_mount_root(root.open("/data", O_PATH).get()));
  });
}

TEST(MountLegacy, TheRootAndTheNamespaceAreThoseFromBefore) {
  REQUIRE_ROOT();
  in_mount_namespace([](const Rootfs& root) {
    const Fd space = Procfs::open_host().open_link("self/ns", "mnt", O_RDONLY);
    const Procfs procfs = Procfs::open_host();
    ASSERT_EQ(::fchdir(root.root()), 0);
    ASSERT_EQ(::chroot("."), 0);
    const FileIdentity before = identity_of(open_at(AT_FDCWD, "/", O_PATH).get());
    static_cast<void>(mount_on_scratch({"tmpfs", "none", 0, "size=65536"}, procfs));
    EXPECT_EQ(identity_of(open_at(AT_FDCWD, "/", O_PATH).get()), before);
    EXPECT_TRUE(same_namespace(procfs.open_link("self/ns", "mnt", O_RDONLY).get(), space.get()));
  });
}

TEST(MountLegacy, AFailureLeavesTheWorkingDirectory) {
  REQUIRE_ROOT();
  in_mount_namespace([](const Rootfs&) {
    const char* const before = ::get_current_dir_name();
    const Error error = error_from([&] {
      mount_on_scratch({"tmpfs", "none", 0, "bad=1"}, Procfs::open());
    });
    EXPECT_EQ(error.syscall, "mount");
    EXPECT_STREQ(::get_current_dir_name(), before);
  });
}

TEST(Pivot, TheOldRootIsGoneAndTheHostKeepsItsMounts) {
  REQUIRE_ROOT();
  const TemporaryDirectory dir;
  make_directory_at(dir.fd(), "shared", 0755);
  in_child(CLONE_NEWNS, [&] {
    // A "host" whose mounts are shared with ours, so that an umount of ours would reach it.
    const Fd shared = tmpfs_mount();
    set_attributes(shared.get(), 0, 0, MS_SHARED, false);
    move_mount(shared.get(), open_at(AT_FDCWD, dir.path() + "/shared", O_PATH).get());
    make_directory_at(shared.get(), "child", 0755);
    const std::string child = dir.path() + "/shared/child";
    move_mount(tmpfs_mount().get(), open_at(AT_FDCWD, child, O_PATH).get());
    in_child(0, [&] {
      sys::unshare(CLONE_NEWNS);
      const Fd root = tmpfs_mount();
      move_mount(root.get(), open_at(AT_FDCWD, "/mnt", O_PATH | O_DIRECTORY).get());
      pivot_root_here(root.get());
      EXPECT_FALSE(try_open_at(AT_FDCWD, dir.path(), O_PATH));
      EXPECT_TRUE(list_directory(open_at(AT_FDCWD, "/", O_RDONLY).get()).empty());
      EXPECT_EQ(error_from([] { open_at(AT_FDCWD, "/proc", O_PATH); }).err, ENOENT);
    });
    const Fd seen = open_at(AT_FDCWD, child, O_PATH);
    EXPECT_TRUE(is_mount_root(seen.get())) << "the umount of the old root reached the host";
  });
}

TEST(Mount, LockedFlagsOfAHostMountAreExplained) {
  REQUIRE_ROOT();
  const TemporaryDirectory dir;
  in_child(CLONE_NEWNS, [&] {
    move_mount(tmpfs_mount(MOUNT_ATTR_RDONLY).get(), open_at(AT_FDCWD, dir.path(), O_PATH).get());
    in_child(CLONE_NEWUSER | CLONE_NEWNS, [&] {
      const Fd clone = clone_tree(open_at(AT_FDCWD, dir.path(), O_PATH).get(), true);
      const Error error =
          error_from([&] { set_attributes(clone.get(), 0, MOUNT_ATTR_RDONLY, 0, false); });
      EXPECT_EQ(error.err, EPERM);
      EXPECT_THAT(error.hint, HasSubstr("locked"));
    });
  });
}

TEST(Mount, ATargetOfAnotherMountNamespaceIsExplained) {
  REQUIRE_ROOT();
  const TemporaryDirectory dir;
  in_child(CLONE_NEWNS, [&] {
    const Error error = error_from([&] { move_mount(tmpfs_mount().get(), dir.fd()); });
    EXPECT_EQ(error.err, EINVAL);
    EXPECT_THAT(error.hint, HasSubstr("another mount namespace"));
  });
}

}  // namespace
}  // namespace asylum::sys
