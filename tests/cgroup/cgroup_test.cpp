// SPDX-License-Identifier: Apache-2.0
// Control files on a fake tree: plain files answer reads and writes as the kernel's do.
#include "runtime/cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/cgroup.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::cgroup {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;

class CgroupTest : public ::testing::Test {
 protected:
  Cgroup open() const { return {sys::duplicate(tree_.fd()), "/web1"}; }
  void make(const std::string& name) const { sys::make_directory_at(tree_.fd(), name, 0755); }
  std::string content(const std::string& name) const { return sys::read_file_at(tree_.fd(), name); }
  sys::TemporaryDirectory tree_;
};

Error thrown_by(const Cgroup& cgroup, const plan::ControlWrite& control) {
  try {
    cgroup.write(control);
  } catch (const Error& error) {
    return error;
  }
  return {ErrorKind::internal, "nothing was thrown"};
}

TEST_F(CgroupTest, WritesAControlFile) {
  tree_.write("memory.max", "");
  open().write({"memory.max", "4096", "memory", "/linux/resources/memory/limit"});
  EXPECT_EQ(content("memory.max"), "4096");
}

TEST_F(CgroupTest, AMissingFileIsAnErrorWithControllerAndPointer) {
  const Error error = thrown_by(open(), {"memory.max", "1", "memory", "/linux/resources/memory"});
  EXPECT_EQ(error.err, ENOENT);
  EXPECT_EQ(error.pointer, "/linux/resources/memory");
  EXPECT_THAT(error.hint, HasSubstr("memory controller"));
}

TEST_F(CgroupTest, AMissingFileThatMayBeMissingIsNone) {
  plan::ControlWrite control{"hugetlb.2MB.rsvd.max", "0", "hugetlb", ""};
  control.may_be_missing = true;
  EXPECT_NO_THROW(open().write(control));
}

TEST_F(CgroupTest, WritesTheStandInWhereTheFileDoesNotExist) {
  tree_.write("io.weight", "");
  plan::ControlWrite control{"io.bfq.weight", "500", "io", ""};
  control.instead_file = "io.weight";
  control.instead_value = "4950";
  open().write(control);
  EXPECT_EQ(content("io.weight"), "4950");
}

TEST_F(CgroupTest, RefusesToWriteOutsideOfItsDirectory) {
  make("child");
  tree_.write("cgroup.procs", "");
  const Cgroup child(sys::open_at(tree_.fd(), "child", O_RDONLY | O_DIRECTORY), "/child");
  EXPECT_EQ(thrown_by(child, {"../cgroup.procs", "1", "", "/linux/resources/unified"}).err, EXDEV);
  EXPECT_EQ(content("cgroup.procs"), "");
}

TEST_F(CgroupTest, RefusesToFollowALink) {
  tree_.write("target", "");
  ASSERT_EQ(::symlinkat("target", tree_.fd(), "memory.max"), 0);
  EXPECT_EQ(thrown_by(open(), {"memory.max", "1", "memory", ""}).err, ELOOP);
  EXPECT_EQ(content("target"), "");
}

TEST_F(CgroupTest, WritesAValueOfSeveralLinesLineByLine) {
  // A plain file gets them one behind the other; the kernel would refuse the newline in one write.
  tree_.write("io.max", "");
  open().write({"io.max", "8:0 rbps=1\n8:16 rbps=2\n", "io", ""});
  EXPECT_EQ(content("io.max"), "8:0 rbps=18:16 rbps=2");
}

TEST_F(CgroupTest, ReadsItsEvents) {
  tree_.write("cgroup.events", "populated 1\nfrozen 0\n");
  EXPECT_TRUE(open().is_populated());
  EXPECT_FALSE(open().is_frozen());
  tree_.write("cgroup.events", "populated 0\nfrozen 1\n");
  EXPECT_FALSE(open().is_populated());
  EXPECT_TRUE(open().is_frozen());
}

TEST_F(CgroupTest, WaitingForWhatIsSoAlreadyEndsAtOnce) {
  tree_.write("cgroup.events", "populated 0\nfrozen 0\n");
  EXPECT_TRUE(open().wait_until_empty(sys::Deadline::never()));
}

TEST_F(CgroupTest, ADirectoryThatIsGoneIsEmpty) {
  EXPECT_FALSE(open().is_populated());
  EXPECT_TRUE(open().wait_until_empty(sys::Deadline::never()));
}

TEST_F(CgroupTest, ListsProcessesOfAllLevels) {
  make("a");
  make("a/b");
  tree_.write("cgroup.procs", "10\n11\n");
  tree_.write("a/cgroup.procs", "");
  tree_.write("a/b/cgroup.procs", "12\n");
  EXPECT_THAT(open().pids(), UnorderedElementsAre(10, 11, 12));
}

// More sub-cgroups than descriptors, beside and below one another: both are the container's choice.
TEST_F(CgroupTest, ListsProcessesOfMoreCgroupsThanThereAreDescriptors) {
  constexpr int kMany = 500, kDescriptors = 64, kDepth = 100;
  for (int i = 0; i < kMany; ++i) {
    make(cat("wide", i));
    tree_.write(cat("wide", i, "/cgroup.procs"), cat(1000 + i, "\n"));
  }
  std::string path = "deep";
  make(path);
  for (int depth = 0; depth < kDepth; ++depth) make(path += "/d");
  tree_.write(path + "/cgroup.procs", "7\n");
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const rlimit few{kDescriptors, before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &few), 0);
  std::vector<pid_t> pids;
  EXPECT_NO_THROW(pids = open().pids());
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(pids.size(), kMany + 1U);
}

TEST_F(CgroupTest, ListsProcessesOfMoreThanAMebibyte) {
  constexpr pid_t kFirst = 1'000'000, kMany = 200'000;
  std::string text;
  for (pid_t pid = kFirst; pid < kFirst + kMany; ++pid) text += cat(pid, "\n");
  ASSERT_GT(text.size(), 1U << 20);
  tree_.write("cgroup.procs", text);
  const std::vector<pid_t> pids = open().pids();
  ASSERT_EQ(pids.size(), static_cast<std::size_t>(kMany));
  EXPECT_EQ(pids.front(), kFirst);
  EXPECT_EQ(pids.back(), kFirst + kMany - 1);
}

TEST_F(CgroupTest, RemovesDescendantsDeepestFirst) {
  std::string path = "a";
  make(path);
  for (int depth = 0; depth < 30; ++depth) make(path += "/d");
  make("a/second");
  make("b");
  open().remove_descendants();
  EXPECT_FALSE(tree_.exists("a"));
  EXPECT_FALSE(tree_.exists("b"));
}

}  // namespace
}  // namespace asylum::cgroup
