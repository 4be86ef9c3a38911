// SPDX-License-Identifier: Apache-2.0
// A cgroup2 directory of its own for a test, removed with it; none where the machine has no
// writable cgroup2.
#pragma once

#include <linux/magic.h>
#include <unistd.h>

#include <string>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"

namespace asylum::sys {

class TestCgroup {
 public:
  TestCgroup() : name_(cat("asylum-test-", ::getpid())) {
    for (const char* path : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
      auto mount = try_open_at(AT_FDCWD, path, O_RDONLY | O_DIRECTORY);
      if (!mount || filesystem_magic(mount->get()) != CGROUP2_SUPER_MAGIC) continue;
      if (::mkdirat(mount->get(), name_.c_str(), 0755) != 0) continue;
      mount_ = std::move(*mount);
      directory_ = open_at(mount_.get(), name_, O_RDONLY | O_DIRECTORY);
      return;
    }
  }
  ~TestCgroup() {
    if (mount_) ::unlinkat(mount_.get(), name_.c_str(), AT_REMOVEDIR);
  }
  TestCgroup(const TestCgroup&) = delete;
  TestCgroup& operator=(const TestCgroup&) = delete;

  explicit operator bool() const { return static_cast<bool>(directory_); }
  static const char* reason() { return "needs a writable cgroup2"; }
  int fd() const { return directory_.get(); }

 private:
  std::string name_;
  Fd mount_;
  Fd directory_;
};

}  // namespace asylum::sys
