// SPDX-License-Identifier: Apache-2.0
// Files by descriptor: what is an answer, what is an error, and what a link may not do.
#include <errno.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/memory_file.h"
#include "tests/base/thrown_by.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::sys {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

TEST(File, OpenSaysWhatAndWhy) {
  const Error error = thrown_by([] { (void)open_at(AT_FDCWD, "/no/such", O_RDONLY); });
  EXPECT_EQ(error.detail, "open \"/no/such\"");
  EXPECT_EQ(error.syscall, "openat");
  EXPECT_EQ(error.err, ENOENT);
}

TEST(File, AbsenceIsAnAnswerAndLoopsAreErrors) {
  const TemporaryDirectory dir;
  dir.write("file", "x");
  EXPECT_FALSE(try_open_at(dir.fd(), "absent", O_RDONLY));
  EXPECT_FALSE(try_open_at(dir.fd(), "file/below", O_RDONLY));
  EXPECT_TRUE(try_open_at(dir.fd(), "file", O_RDONLY));
  ASSERT_EQ(::symlinkat("loop", dir.fd(), "loop"), 0);
  EXPECT_EQ(thrown_by([&] { (void)try_open_at(dir.fd(), "loop", O_RDONLY); }).err, ELOOP);
}

TEST(File, BeneathRefusesDotDotAndEveryLink) {
  const TemporaryDirectory dir;
  make_directory_at(dir.fd(), "inner", 0755);
  dir.write("inner/file", "x");
  ASSERT_EQ(::symlinkat("inner", dir.fd(), "link"), 0);
  EXPECT_TRUE(open_beneath(dir.fd(), "inner/file", O_RDONLY));
  EXPECT_EQ(thrown_by([&] { open_beneath(dir.fd(), "link/file", O_RDONLY); }).err, ELOOP);
  EXPECT_EQ(thrown_by([&] { open_beneath(dir.fd(), "../etc", O_RDONLY); }).err, EXDEV);
  EXPECT_EQ(thrown_by([&] { open_beneath(dir.fd(), "/etc", O_RDONLY); }).err, EXDEV);
  EXPECT_FALSE(try_open_beneath(dir.fd(), "absent", O_RDONLY));
}

TEST(File, ReadIsBounded) {
  const TemporaryDirectory dir;
  dir.write("file", std::string(10000, 'x'));
  EXPECT_EQ(read_file_at(dir.fd(), "file", 10000).size(), 10000U);
  const Error error = thrown_by([&] { read_file_at(dir.fd(), "file", 9999); });
  EXPECT_EQ(error.err, EFBIG);
  EXPECT_THAT(error.detail, HasSubstr("\"file\""));
  EXPECT_FALSE(try_read_file_at(dir.fd(), "absent"));
  dir.write("empty", "");
  EXPECT_EQ(read_file_at(dir.fd(), "empty"), "");
}

TEST(File, ControlWritesNameValueAndFile) {
  const TemporaryDirectory dir;
  dir.write("memory.max", "");
  write_control_at(dir.fd(), "memory.max", "42");
  EXPECT_EQ(read_file_at(dir.fd(), "memory.max"), "42");
  const Error error = thrown_by([&] { write_control_at(dir.fd(), "absent", "42"); });
  EXPECT_EQ(error.detail, "write \"42\" to \"absent\"");
  EXPECT_EQ(try_write_control_at(dir.fd(), "absent", "1"), ENOENT);
  EXPECT_EQ(try_write_control_at(dir.fd(), "memory.max", "1"), std::nullopt);
}

TEST(File, ReplaceIsWholeAndSurvivesALeftover) {
  const TemporaryDirectory dir;
  replace_file_at(dir.fd(), "state", "one", 0600);
  dir.write(".state", "half a sta");
  replace_file_at(dir.fd(), "state", "two", 0600);
  EXPECT_EQ(read_file_at(dir.fd(), "state"), "two");
  EXPECT_THAT(list_directory(dir.fd()), ElementsAre("state"));
}

TEST(File, ReplaceDoesNotWriteThroughAPlantedLink) {
  const TemporaryDirectory dir;
  dir.write("victim", "safe");
  ASSERT_EQ(::symlinkat("victim", dir.fd(), ".state"), 0);
  ASSERT_EQ(::symlinkat("victim", dir.fd(), "state"), 0);
  replace_file_at(dir.fd(), "state", "new", 0600);
  EXPECT_EQ(read_file_at(dir.fd(), "victim"), "safe");
  EXPECT_EQ(read_file_at(dir.fd(), "state"), "new");
}

TEST(File, DirectoriesAreExclusive) {
  const TemporaryDirectory dir;
  EXPECT_TRUE(try_make_directory_at(dir.fd(), "a", 0700));
  EXPECT_FALSE(try_make_directory_at(dir.fd(), "a", 0700));
  EXPECT_EQ(thrown_by([&] { make_directory_at(dir.fd(), "a", 0700); }).err, EEXIST);
  EXPECT_EQ(try_remove_at(dir.fd(), "a"), EISDIR);
  EXPECT_EQ(try_remove_at(dir.fd(), "a", AT_REMOVEDIR), std::nullopt);
}

TEST(RemoveTree, TakesAllAndFollowsNoLink) {
  const TemporaryDirectory outside;
  outside.write("precious", "x");
  const TemporaryDirectory dir;
  make_directory_at(dir.fd(), "tree", 0755);
  make_directory_at(dir.fd(), "tree/sub", 0755);
  dir.write("tree/sub/file", "x");
  dir.write("tree/file", "x");
  ASSERT_EQ(::symlinkat(outside.path().c_str(), dir.fd(), "tree/link"), 0);
  remove_tree_at(dir.fd(), "tree");
  EXPECT_FALSE(dir.exists("tree"));
  EXPECT_TRUE(outside.exists("precious"));
}

TEST(RemoveTree, ALinkAtTheTopIsRemovedItself) {
  const TemporaryDirectory outside;
  outside.write("precious", "x");
  const TemporaryDirectory dir;
  ASSERT_EQ(::symlinkat(outside.path().c_str(), dir.fd(), "tree"), 0);
  remove_tree_at(dir.fd(), "tree");
  EXPECT_FALSE(dir.exists("tree"));
  EXPECT_TRUE(outside.exists("precious"));
}

TEST(RemoveTree, DeepTreesAndAbsentOnesAreFine) {
  const TemporaryDirectory dir;
  constexpr int kDepth =
      600;  // each level holds a descriptor: below the usual RLIMIT_NOFILE of 1024
  Fd here = duplicate(dir.fd());
  for (int i = 0; i < kDepth; ++i) {
    make_directory_at(here.get(), "d", 0755);
    here = open_at(here.get(), "d", O_RDONLY | O_DIRECTORY);
  }
  here.reset();
  remove_tree_at(dir.fd(), "d");
  EXPECT_FALSE(dir.exists("d"));
  EXPECT_NO_THROW(remove_tree_at(dir.fd(), "d"));
}

TEST(File, ListingIsSortedAndRepeatable) {
  const TemporaryDirectory dir;
  dir.write("b", "");
  dir.write("a", "");
  EXPECT_THAT(list_directory(dir.fd()), ElementsAre("a", "b"));
  EXPECT_THAT(list_directory(dir.fd()), ElementsAre("a", "b"));
}

TEST(File, IdentityTellsObjectsApart) {
  const TemporaryDirectory dir;
  dir.write("a", "");
  dir.write("b", "");
  EXPECT_EQ(identity_of(open_at(dir.fd(), "a", O_PATH).get()), *try_identity_at(dir.fd(), "a"));
  EXPECT_NE(try_identity_at(dir.fd(), "a"), try_identity_at(dir.fd(), "b"));
  EXPECT_FALSE(try_identity_at(dir.fd(), "c"));
}

TEST(SealedFile, CannotBeChanged) {
  const Fd fd = make_sealed_file("filter", "0123");
  EXPECT_EQ(read_all(fd.get()), "0123");
  EXPECT_LT(::pwrite(fd.get(), "x", 1, 0), 0);
  EXPECT_NE(::ftruncate(fd.get(), 0), 0);
  EXPECT_EQ(::mmap(nullptr, 4, PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0), MAP_FAILED);
}

}  // namespace
}  // namespace asylum::sys
