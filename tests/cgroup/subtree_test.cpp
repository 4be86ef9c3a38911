// SPDX-License-Identifier: Apache-2.0
// Paths of cgroups made and removed, in a fake tree.
#include "runtime/cgroup/subtree.h"

#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/base/error.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "tests/base/thrown_by.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::cgroup {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// Notes what it is told, and whether it was told in time.
struct Notes {
  explicit Notes(const sys::TemporaryDirectory& tree) {
    witness.intend = [this, &tree](std::span<const std::string> paths) {
      for (const std::string& path : paths) {
        EXPECT_FALSE(tree.exists(path.substr(1))) << path << " was made before its intent";
        intended.push_back(path);
      }
    };
    witness.made = [this](std::span<const Directory> all) {
      for (const Directory& one : all) made.push_back(one.path);
    };
  }
  Witness witness;
  std::vector<std::string> intended;
  std::vector<std::string> made;
};

class SubtreeTest : public ::testing::Test {
 protected:
  void make(const std::string& name) const { sys::make_directory_at(tree_.fd(), name, 0755); }
  sys::TemporaryDirectory tree_;
  Notes notes_{tree_};
};

TEST(Prefixes, GoFromTheOutsideIn) {
  EXPECT_THAT(prefixes_of("/a"), ElementsAre("/a"));
  EXPECT_THAT(prefixes_of("/a/bc/d"), ElementsAre("/a", "/a/bc", "/a/bc/d"));
}

TEST_F(SubtreeTest, MakesAndNotesOnlyWhatIsMissing) {
  make("a");
  const MadeTree made = make_tree(tree_.fd(), "/a/b/c", notes_.witness);
  EXPECT_THAT(notes_.intended, ElementsAre("/a/b", "/a/b/c"));
  EXPECT_THAT(notes_.made, ElementsAre("/a/b", "/a/b/c"));
  EXPECT_EQ(made.directory.path, "/a/b/c");
  EXPECT_EQ(made.directory.inode, sys::identity_of(made.leaf.get()).ino);
  ASSERT_EQ(made.ancestors.size(), 1U);
  EXPECT_EQ(made.ancestors[0].path, "/a/b");
}

TEST_F(SubtreeTest, TheLeafIsMadeExclusively) {
  make("a");
  const Error error = thrown_by([&] { make_tree(tree_.fd(), "/a", notes_.witness); });
  EXPECT_EQ(error.kind, ErrorKind::already_exists);
  EXPECT_THAT(notes_.intended, IsEmpty());  // an intent would let replay rmdir it
  EXPECT_THAT(notes_.made, IsEmpty());
  EXPECT_TRUE(tree_.exists("a"));
}

TEST_F(SubtreeTest, TheIntentIsVoidWhenAnotherWasFaster) {
  std::string abandoned;
  Witness witness = notes_.witness;
  witness.intend = [this](std::span<const std::string>) { make("a"); };
  witness.abandon = [&](const std::string& path) { abandoned = path; };
  EXPECT_EQ(thrown_by([&] { make_tree(tree_.fd(), "/a", witness); }).kind,
            ErrorKind::already_exists);
  EXPECT_EQ(abandoned, "/a");
  EXPECT_TRUE(tree_.exists("a"));
}

TEST_F(SubtreeTest, AnExistingLeafWithProcessesIsCalledNotEmpty) {
  make("a");
  tree_.write("a/cgroup.procs", "10\n11\n");
  const Error error = thrown_by([&] { make_tree(tree_.fd(), "/a", notes_.witness); });
  EXPECT_THAT(error.detail, HasSubstr("container's cgroup is not empty: 2 process(es) found"));
}

TEST_F(SubtreeTest, RefusesPathsThatAreNotClean) {
  for (const char* path : {"a", "/", "/a/../b", "/a//b", "/a/"}) {
    EXPECT_THROW(make_tree(tree_.fd(), path, notes_.witness), Error) << path;
  }
}

TEST_F(SubtreeTest, ALinkOnTheWayIsRefused) {
  make("real");
  ASSERT_EQ(::symlinkat("real", tree_.fd(), "link"), 0);
  EXPECT_THROW(make_tree(tree_.fd(), "/link/c", notes_.witness), Error);
  EXPECT_FALSE(tree_.exists("real/c"));
}

TEST_F(SubtreeTest, EnablesWhatIsMissingInEveryAncestor) {
  make("a");
  make("a/c");
  tree_.write("cgroup.subtree_control", "memory pids\n");
  tree_.write("a/cgroup.subtree_control", "pids\n");
  const std::vector<std::string> controllers{"memory"};
  enable_controllers(tree_.fd(), "/a/c", controllers, controllers, "");
  EXPECT_EQ(sys::read_file_at(tree_.fd(), "cgroup.subtree_control"), "memory pids\n");
  EXPECT_THAT(sys::read_file_at(tree_.fd(), "a/cgroup.subtree_control"), HasSubstr("+memory"));
}

TEST_F(SubtreeTest, TouchesNothingWhereTheLeafHasAllControllers) {
  make("a");
  tree_.write("a/cgroup.controllers", "cpu memory\n");
  const std::vector<std::string> controllers{"memory"};
  EXPECT_NO_THROW(enable_controllers(tree_.fd(), "/a", controllers, controllers,
                                     ""));  // no subtree_control here
}

TEST_F(SubtreeTest, RemovesRecordedAncestorsUntilOneIsInUse) {
  make("theirs");
  MadeTree made = make_tree(tree_.fd(), "/theirs/a/b/c", notes_.witness);
  make("theirs/a/other");
  sys::remove_at(tree_.fd(), "theirs/a/b/c", AT_REMOVEDIR);
  remove_ancestors(tree_.fd(), "/theirs/a/b/c", made.ancestors);
  EXPECT_FALSE(tree_.exists("theirs/a/b"));
  EXPECT_TRUE(tree_.exists("theirs/a"));  // "other" is in it
}

TEST_F(SubtreeTest, LeavesAncestorsThatAreNotOurs) {
  make("theirs");
  const MadeTree made = make_tree(tree_.fd(), "/theirs/c", notes_.witness);
  sys::remove_at(tree_.fd(), "theirs/c", AT_REMOVEDIR);
  remove_ancestors(tree_.fd(), "/theirs/c", made.ancestors);
  EXPECT_TRUE(tree_.exists("theirs"));
}

TEST_F(SubtreeTest, LeavesAnAncestorThatAnotherHasMadeAnew) {
  make("a");
  const std::vector<Directory> recorded{{"/a", sys::identity_of(tree_.fd()).ino}};
  remove_ancestors(tree_.fd(), "/a/c", recorded);
  EXPECT_TRUE(tree_.exists("a"));
}

}  // namespace
}  // namespace asylum::cgroup
