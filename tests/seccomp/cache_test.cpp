// SPDX-License-Identifier: Apache-2.0
#include "runtime/seccomp/cache.h"
#include "runtime/plan/types/seccomp.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"

namespace asylum::seccomp {
namespace {

class SeccompCache : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/asylum-cache-XXXXXX";
    ASSERT_NE(::mkdtemp(name), nullptr);
    path_ = name;
    parent_ = sys::open_at(AT_FDCWD, path_, O_RDONLY | O_DIRECTORY);
  }
  void TearDown() override { sys::remove_tree_at(AT_FDCWD, path_); }
  std::string path_;
  sys::Fd parent_;
};

const std::string kProgram(16, 'p');

TEST_F(SeccompCache, FindsWhatWasStoredUnderTheWholeKey) {
  const sys::Fd cache = open_cache(parent_.get());
  EXPECT_FALSE(find_cached(cache.get(), "key"));
  store_cached(cache.get(), "key", kProgram);
  EXPECT_EQ(find_cached(cache.get(), "key"), kProgram);
  EXPECT_FALSE(find_cached(cache.get(), "kez"));
}

// A profile of many long names: what was stored is read whatever its size.
TEST_F(SeccompCache, FindsALargeOne) {
  const sys::Fd cache = open_cache(parent_.get());
  const std::string key(3U << 20, 'k');
  store_cached(cache.get(), key, kProgram);
  EXPECT_EQ(find_cached(cache.get(), key), kProgram);
}

TEST_F(SeccompCache, WhatIsNoFileOfOursCountsAsAbsent) {
  const sys::Fd cache = open_cache(parent_.get());
  store_cached(cache.get(), "key", kProgram);
  const std::string name = sys::list_directory(cache.get()).at(0);
  const std::string path = path_ + "/@seccomp/" + name;
  ASSERT_EQ(::chmod(path.c_str(), 0622), 0);
  EXPECT_FALSE(find_cached(cache.get(), "key"));
  sys::remove_at(cache.get(), name);
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_FALSE(find_cached(cache.get(), "key"));
  sys::remove_at(cache.get(), name);
  ASSERT_EQ(::symlink("/dev/zero", path.c_str()), 0);
  EXPECT_FALSE(find_cached(cache.get(), "key"));
  sys::remove_at(cache.get(), name);
  ASSERT_EQ(::mkdir(path.c_str(), 0700), 0);
  EXPECT_FALSE(find_cached(cache.get(), "key"));
}

TEST_F(SeccompCache, TheKeyNamesTheCodeThatCompiles) {
  const std::string key = cache_key({});
  const std::size_t begin = key.find(';') + 1;
  EXPECT_EQ(key.find(';', begin) - begin, 64U);  // SHA-256, in hexadecimal
}

TEST_F(SeccompCache, StaysBounded) {
  const sys::Fd cache = open_cache(parent_.get());
  for (int i = 0; i < 200; ++i) store_cached(cache.get(), "key" + std::to_string(i), kProgram);
  EXPECT_LE(sys::list_directory(cache.get()).size(), kMostCached);
}

TEST_F(SeccompCache, RefusesADirectoryThatOthersCanWrite) {
  (void)open_cache(parent_.get());
  ASSERT_EQ(::chmod((path_ + "/@seccomp").c_str(), 0777), 0);
  EXPECT_THROW((void)open_cache(parent_.get()), Error);
}

TEST_F(SeccompCache, KeysDifferWhereRulesDo) {
  plan::Seccomp a;
  a.default_action = SeccompAction::errno_;
  a.rules = {{{"read", "write"}, SeccompAction::allow, {}, {}, ""}};
  plan::Seccomp b = a;
  b.rules = {{{"read"}, SeccompAction::allow, {}, {}, ""},
             {{"write"}, SeccompAction::allow, {}, {}, ""}};
  EXPECT_NE(cache_key(a), cache_key(b));
  plan::Seccomp c = a;
  c.rules[0].errno_ret = 1;
  EXPECT_NE(cache_key(a), cache_key(c));
}

}  // namespace
}  // namespace asylum::seccomp
