// SPDX-License-Identifier: Apache-2.0
#include "runtime/seccomp/cache.h"

#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "runtime/base/error.h"
#include "runtime/sys/file.h"

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
  a.default_action = "SCMP_ACT_ERRNO";
  a.rules = {{{"read", "write"}, "SCMP_ACT_ALLOW", {}, {}, ""}};
  plan::Seccomp b = a;
  b.rules = {{{"read"}, "SCMP_ACT_ALLOW", {}, {}, ""}, {{"write"}, "SCMP_ACT_ALLOW", {}, {}, ""}};
  EXPECT_NE(cache_key(a), cache_key(b));
  plan::Seccomp c = a;
  c.rules[0].errno_ret = 1;
  EXPECT_NE(cache_key(a), cache_key(c));
}

}  // namespace
}  // namespace asylum::seccomp
