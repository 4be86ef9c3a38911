// SPDX-License-Identifier: Apache-2.0
// A directory of its own for each test, removed with the test.
#pragma once

#include <stdlib.h>
#include <sys/stat.h>

#include <string>

#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"

namespace asylum::sys {

class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    const char* base = ::getenv("TMPDIR");
    path_ = std::string(base != nullptr ? base : "/tmp") + "/asylum-test-XXXXXX";
    if (::mkdtemp(path_.data()) == nullptr) ::abort();
    fd_ = open_at(AT_FDCWD, path_, O_RDONLY | O_DIRECTORY);
  }
  ~TemporaryDirectory() { remove_tree_at(AT_FDCWD, path_); }
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  int fd() const { return fd_.get(); }
  const std::string& path() const { return path_; }
  void write(const std::string& name, const std::string& text) const {
    const Fd file = open_at(fd(), name, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    write_all(file.get(), text);
  }
  bool exists(const std::string& name) const { return try_identity_at(fd(), name).has_value(); }

 private:
  std::string path_;
  Fd fd_;
};

}  // namespace asylum::sys
