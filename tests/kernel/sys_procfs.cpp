// SPDX-License-Identifier: Apache-2.0
// The one procfs: private or proven, and look-ups that stay within (CVE-2019-16884,
// CVE-2025-52881).
#include <fcntl.h>
#include <gmock/gmock.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/mount/fs_context.h"
#include "runtime/sys/mount/mount.h"
#include "runtime/sys/process/labels.h"
#include "runtime/sys/process/namespaces.h"
#include "runtime/sys/procfs.h"
#include "tests/kernel/kernel_support.h"

namespace asylum::sys {
namespace {

using testing::StartsWith;

Fd tmpfs_mount() {
  FsContext context("tmpfs");
  context.create();
  return context.mount(0);
}

void cover(const std::string& path) {
  move_mount(tmpfs_mount().get(), open_at(AT_FDCWD, path, O_PATH).get());
}

TEST(Procfs, PrivateOneIgnoresWhatCoversSlashProc) {
  REQUIRE_ROOT();
  in_child(CLONE_NEWNS, [] {
    cover("/proc");
    const Procfs procfs = Procfs::open();
    EXPECT_EQ(filesystem_magic(procfs.root()), static_cast<std::uint64_t>(PROC_SUPER_MAGIC));
    EXPECT_THAT(procfs.read("self/stat"), StartsWith(cat(::getpid(), " (")));
    EXPECT_FALSE(procfs.try_open("sys/kernel", O_PATH)) << "subset=pid has no sys";
    EXPECT_TRUE(Procfs::open(Procfs::Scope::whole).try_open("sys/kernel/ostype", O_RDONLY));
  });
}

TEST(Procfs, AFakeSlashProcIsRefused) {
  REQUIRE_ROOT();
  in_child(CLONE_NEWNS, [] {
    cover("/proc");
    EXPECT_EQ(error_from([] { Procfs::open_host(); }).kind, ErrorKind::denied);
  });
}

TEST(Procfs, ADirectoryOfProcIsNoRootOfIt) {
  REQUIRE_ROOT();
  in_child(CLONE_NEWNS, [] {
    move_mount(clone_tree(open_at(AT_FDCWD, "/proc/sys", O_PATH).get(), false).get(),
               open_at(AT_FDCWD, "/proc", O_PATH).get());
    EXPECT_EQ(error_from([] { Procfs::open_host(); }).kind, ErrorKind::denied);
  });
}

TEST(Procfs, MountsInsideAreNotEntered) {
  REQUIRE_ROOT();
  in_child(CLONE_NEWNS, [] {
    const std::string covered = cat("/proc/", ::getpid(), "/attr");
    cover(covered);
    const Procfs procfs = Procfs::open_host();
    const Error error = error_from([&] { procfs.write("self/attr/exec", "x"); });
    EXPECT_EQ(error.err, EXDEV) << sentence_of(error);
    EXPECT_EQ(error_from([&] { procfs.open("self/attr", O_PATH); }).hint,
              "something is mounted over it");
  });
}

TEST(Procfs, MagicLinksOnlyWhereAskedFor) {
  REQUIRE_ROOT();
  const Procfs procfs = Procfs::open();
  EXPECT_EQ(error_from([&] { procfs.open("self/root/etc", O_PATH); }).err, ELOOP);
  EXPECT_EQ(error_from([&] { procfs.open("self/ns/mnt", O_RDONLY); }).err, ELOOP);
  EXPECT_EQ(error_from([&] { procfs.open("../etc", O_PATH); }).err, EXDEV);
  const Fd own = procfs.open_link("self/ns", "mnt", O_RDONLY);
  EXPECT_EQ(namespace_type_of(own.get()), CLONE_NEWNS);
  EXPECT_FALSE(procfs.try_open_link("2147483647/ns", "mnt", O_RDONLY));
}

TEST(Procfs, UnprivilegedFallsBackToTheHostsProven) {
  REQUIRE_ROOT();
  in_child(CLONE_NEWUSER, [] {  // no mount namespace of our own: fsmount is refused
    const Procfs procfs = Procfs::open();
    EXPECT_THAT(procfs.read("self/stat"), StartsWith(cat(::getpid(), " (")));
  });
}

TEST(Labels, ALabelThatIsNotTakenIsAnError) {
  REQUIRE_ROOT();
  in_child(0, [] {
    const Procfs procfs = Procfs::open();
    // Without an LSM, or without the profile, the write is refused: it must never be taken for
    // done.
    EXPECT_THROW(set_apparmor_exec_profile(procfs, "asylum-no-such-profile"), Error);
    // (A kernel with SELinux but no policy takes any label; it enforces none either.)
    if (::access("/sys/fs/selinux/enforce", F_OK) == 0) {
      EXPECT_THROW(set_selinux_exec_label(procfs, "no:such:label:s0"), Error);
    }
  });
}

}  // namespace
}  // namespace asylum::sys
