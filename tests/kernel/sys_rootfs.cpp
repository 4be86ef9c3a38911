// SPDX-License-Identifier: Apache-2.0
// Attacks on the root file system: whatever links an image holds or swaps in, nothing is touched
// outside. CVE-2019-19921, CVE-2021-30465, CVE-2023-27561, CVE-2024-45310, CVE-2026-41579.
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include "runtime/base/text.h"
#include "runtime/sys/mount/rootfs.h"
#include "runtime/sys/process/process.h"
#include "tests/kernel/kernel_support.h"
#include "tests/sys/temporary_directory.h"

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

namespace asylum::sys {
namespace {

// DIR/root is the container's, DIR/host must stay as it is.
class RootfsAttack : public testing::Test {
 protected:
  void SetUp() override {
    make_directory_at(dir_.fd(), "root", 0755);
    make_directory_at(dir_.fd(), "host", 0755);
    dir_.write("host/secret", "secret");
  }
  void TearDown() override {
    EXPECT_EQ(list_directory(open_at(dir_.fd(), "host", O_RDONLY).get()),
              (std::vector<std::string>{"secret"}));
  }
  Rootfs rootfs() const { return Rootfs(open_at(dir_.fd(), "root", O_PATH | O_DIRECTORY)); }
  void link(const std::string& target, const std::string& name) const {
    ASSERT_EQ(::symlinkat(target.c_str(), dir_.fd(), cat("root/", name).c_str()), 0);
  }
  bool made(const std::string& path) const { return dir_.exists(cat("root/", path)); }

  TemporaryDirectory dir_;
};

TEST_F(RootfsAttack, AbsoluteLinksEndInTheRoot) {
  link("/host", "dev");
  link(cat(dir_.path(), "/host"), "abs");
  link("../../../../../..", "up");
  EXPECT_FALSE(rootfs().try_open("/dev/secret", O_RDONLY));
  EXPECT_FALSE(rootfs().try_open("/abs/secret", O_RDONLY));
  EXPECT_EQ(identity_of(rootfs().open("/up", O_PATH).get()), identity_of(rootfs().root()));
  EXPECT_FALSE(rootfs().try_open("/up/host/secret", O_RDONLY));
  EXPECT_FALSE(rootfs().try_open("../host/secret", O_RDONLY));
}

TEST_F(RootfsAttack, DirectoriesBehindLinksAreMadeInside) {
  link(cat(dir_.path(), "/host"), "dev");
  link("../../host", "rel");
  rootfs().make_directories("/dev/pts");
  rootfs().make_directories("/rel/a/b");
  EXPECT_TRUE(made(cat(dir_.path(), "/host/pts").substr(1)));
  EXPECT_TRUE(made("host/a/b"));
}

TEST_F(RootfsAttack, FilesBehindLinksAreMadeInside) {
  link(cat(dir_.path(), "/host"), "etc");
  rootfs().make_file("/etc/hosts");
  EXPECT_TRUE(made(cat(dir_.path(), "/host/hosts").substr(1)));
}

TEST_F(RootfsAttack, AFileThatIsADanglingLinkIsMadeWhereItPointsInTheRoot) {
  const std::string target = cat(dir_.path(), "/host/new");
  link(target, "hosts");
  rootfs().make_file("/hosts");
  EXPECT_NE(::access(target.c_str(), F_OK), 0) << "made on the host";
  EXPECT_EQ(::access(cat(dir_.path(), "/root", target).c_str(), F_OK), 0);
}

TEST_F(RootfsAttack, MagicLinksAreRefused) {
  REQUIRE_ROOT();
  in_child(CLONE_NEWNS, [&] {
    rootfs().make_directories("/proc");
    const Rootfs root(open_at(AT_FDCWD, cat(dir_.path(), "/root"), O_PATH));  // of this namespace
    ASSERT_EQ(::mount("proc", cat(dir_.path(), "/root/proc").c_str(), "proc", 0, nullptr), 0);
    EXPECT_EQ(error_from([&] { root.open("/proc/self/root", O_PATH); }).err, ELOOP);
    EXPECT_EQ(error_from([&] {
                root.open(cat("/proc/", ::getpid(), "/fd/", dir_.fd(), "/host/secret"), O_RDONLY);
              }).err,
              ELOOP);
    EXPECT_EQ(error_from([&] { root.make_directories("/proc/self/cwd/x"); }).err, ELOOP);
  });
  ::rmdir(cat(dir_.path(), "/root/proc").c_str());
}

TEST_F(RootfsAttack, ParentOfADeviceNode) {
  link(cat(dir_.path(), "/host"), "dev");
  std::string name;
  const Fd parent = rootfs().open_parent("/dev/sub/null", name, true);
  EXPECT_EQ(name, "null");
  EXPECT_EQ(identity_of(parent.get()),
            *try_identity_at(dir_.fd(), cat("root", dir_.path(), "/host/sub")));
  EXPECT_THROW(rootfs().open_parent("/", name, true), Error);
  EXPECT_THROW(rootfs().open_parent("/absent/null", name, false), Error);
}

TEST_F(RootfsAttack, ProcMustBeAnOrdinaryDirectory) {
  link("/host", "proc");
  rootfs().make_directories("/real/sub");
  link("real", "alias");
  EXPECT_FALSE(rootfs().is_plain_directory_path("/proc"));
  EXPECT_FALSE(rootfs().is_plain_directory_path("/alias/sub"));
  EXPECT_TRUE(rootfs().is_plain_directory_path("/real/sub"));
  EXPECT_TRUE(rootfs().is_plain_directory_path("/absent/proc"));
  rootfs().make_file("/file");
  EXPECT_FALSE(rootfs().is_plain_directory_path("/file"));
}

TEST_F(RootfsAttack, LoopsEnd) {
  link("b", "a");
  link("a", "b");
  EXPECT_EQ(error_from([&] { rootfs().make_directories("/a/x"); }).err, ELOOP);
  link("c/d", "c");
  EXPECT_EQ(error_from([&] { rootfs().make_directories("/c"); }).err, ELOOP);
}

TEST_F(RootfsAttack, WhatIsThereIsKept) {
  dir_.write("root/file", "content");
  make_directory_at(dir_.fd(), "root/directory", 0700);
  EXPECT_EQ(identity_of(rootfs().make_file("/file").get()),
            *try_identity_at(dir_.fd(), "root/file"));
  EXPECT_EQ(read_file_at(dir_.fd(), "root/file"), "content");
  EXPECT_EQ(error_from([&] { rootfs().make_file("/directory"); }).err, EISDIR);
  EXPECT_EQ(error_from([&] { rootfs().make_directories("/file"); }).err, ENOTDIR);
  EXPECT_EQ(error_from([&] { rootfs().make_directories("/file/below"); }).err, ENOTDIR);
  EXPECT_EQ(identity_of(rootfs().make_directories("/").get()), identity_of(rootfs().root()));
}

TEST_F(RootfsAttack, ADanglingLinkToADirectoryIsMadeGood) {
  link("/run", "run-link");
  link("../deep/er", "relative");
  rootfs().make_directories("/run-link/secrets");
  rootfs().make_directories("/relative/x");
  EXPECT_TRUE(made("run/secrets"));
  EXPECT_TRUE(made("deep/er/x"));
}

TEST_F(RootfsAttack, AReplacedRootIsUsed) {
  make_directory_at(dir_.fd(), "other", 0755);
  Rootfs root = rootfs();
  root.replace_root(open_at(dir_.fd(), "other", O_PATH | O_DIRECTORY));
  root.make_directories("/x");
  EXPECT_TRUE(dir_.exists("other/x"));
  EXPECT_FALSE(made("x"));
}

// Swaps a directory of the image with a link out of it, all the time (as a container that shares
// the volume could).
struct Swapper {
  int dir;
  static void run(void* context) noexcept {
    const int fd = static_cast<Swapper*>(context)->dir;
    set_parent_death_signal(SIGKILL);
    while (true) ::syscall(SYS_renameat2, fd, "root/swap", fd, "root/evil", RENAME_EXCHANGE);
  }
};

TEST_F(RootfsAttack, SwappedWhileWeMakeThings) {
  make_directory_at(dir_.fd(), "root/swap", 0755);
  link(cat("../../..", dir_.path(), "/host"), "evil");
  Swapper swapper{dir_.fd()};
  const Child child = clone_process({}, &Swapper::run, &swapper);
  const Rootfs root = rootfs();
  int succeeded = 0;
  for (int i = 0; i < 400; ++i) {
    try {
      const std::string path = cat("/swap/", i, "/x");
      (void)root.make_directories(path);
      (void)root.make_file(cat("/swap/", i, ".file"));
      ++succeeded;
    } catch (const Error& error) {
      // Losing the race may fail, but only in these ways, and never reach host/ (TearDown looks).
      // EINVAL: readlink(2) of what was a link a moment ago.
      EXPECT_TRUE(error.err == ENOENT || error.err == EEXIST || error.err == ENOTDIR ||
                  error.err == ELOOP || error.err == EAGAIN || error.err == EINVAL)
          << sentence_of(error);
    }
  }
  EXPECT_EQ(try_send_signal(child.pidfd.get(), SIGKILL), 0);
  (void)wait_pidfd(child.pidfd.get());
  EXPECT_GT(succeeded, 0);
}

}  // namespace
}  // namespace asylum::sys
