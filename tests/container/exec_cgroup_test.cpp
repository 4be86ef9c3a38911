// SPDX-License-Identifier: Apache-2.0
// Which directory exec's process is born into. Directories of any file system do: what is looked at
// is that nothing outside the container's own is opened.
#include "runtime/container/exec/exec_cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "runtime/base/report.h"
#include "runtime/sys/file.h"
#include "tests/base/thrown_by.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::container {
namespace {

using ::testing::HasSubstr;

class ExecCgroup : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* path : {"own", "own/inner", "own/inner/deep", "other"}) {
      ASSERT_EQ(::mkdirat(mount_.fd(), path, 0755), 0);
    }
    ASSERT_EQ(::symlinkat("../other", mount_.fd(), "own/link"), 0);
    ledger_.cgroup.emplace();
    ledger_.cgroup->mount_point = mount_.path();
    ledger_.cgroup->directory = {"/own", inode_of("own")};
    ledger_.init = ProcessIdentity{::getpid(), 0};  // which is not in it
  }
  std::uint64_t inode_of(const char* path) {
    struct stat status {};
    EXPECT_EQ(::fstatat(mount_.fd(), path, &status, 0), 0);
    return status.st_ino;
  }
  std::uint64_t entered(const std::string& wanted) {
    const sys::Fd directory = open_exec_cgroup(ledger_, wanted);
    struct stat status {};
    EXPECT_EQ(::fstat(directory.get(), &status), 0);
    return status.st_ino;
  }
  Error refusal(const std::string& wanted) {
    return thrown_by([&] { static_cast<void>(open_exec_cgroup(ledger_, wanted)); });
  }
  sys::TemporaryDirectory mount_;
  Ledger ledger_;
};

TEST_F(ExecCgroup, TheContainersOwn) {
  EXPECT_EQ(entered(""), inode_of("own"));
  EXPECT_EQ(entered("/"), inode_of("own"));
}

TEST_F(ExecCgroup, BelowWithAndWithoutControllers) {
  for (const char* wanted :
       {"inner", "/inner", "inner/", "./inner", "cpu:inner", "cpu,memory:/inner"}) {
    EXPECT_EQ(entered(wanted), inode_of("own/inner")) << wanted;
  }
  EXPECT_EQ(entered("/inner//deep"), inode_of("own/inner/deep"));
}

TEST_F(ExecCgroup, AColonAfterASlashIsPartOfAName) {
  ASSERT_EQ(::mkdirat(mount_.fd(), "own/inner/a:b", 0755), 0);
  EXPECT_EQ(entered("inner/a:b"), inode_of("own/inner/a:b"));
}

TEST_F(ExecCgroup, NothingOutsideIsOpened) {
  for (const char* wanted : {"..", "../other", "/../other", "inner/../../other", "cpu:../other",
                             "inner/..", "inner/../inner"}) {
    EXPECT_EQ(refusal(wanted).kind, ErrorKind::denied) << wanted;
  }
  EXPECT_NE(refusal("link").detail, "nothing was thrown");
  EXPECT_NE(refusal("link").err, 0);
}

TEST_F(ExecCgroup, OneThatIsNotThereIsNamed) {
  const Error error = refusal("absent");
  EXPECT_EQ(error.err, ENOENT);
  EXPECT_THAT(sentence_of(error), HasSubstr("\"absent\""));
}

TEST_F(ExecCgroup, AnotherDirectoryOfTheSameNameIsNotTheContainers) {
  ledger_.cgroup->directory.inode = inode_of("other");
  EXPECT_FALSE(open_exec_cgroup(ledger_, ""));
  EXPECT_EQ(refusal("inner").kind, ErrorKind::invalid_usage);
}

TEST_F(ExecCgroup, AContainerWithoutCgroupHasNone) {
  ledger_.cgroup.reset();
  EXPECT_FALSE(open_exec_cgroup(ledger_, ""));
  EXPECT_THAT(refusal("inner").detail, HasSubstr("the container has no cgroup"));
}

}  // namespace
}  // namespace asylum::container
