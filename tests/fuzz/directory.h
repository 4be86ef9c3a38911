// SPDX-License-Identifier: Apache-2.0
// A directory of its own for a check of what is read from files: in TMPDIR, else in /tmp. Removed
// at the end, but not after a broken promise: tests/fuzz/run has it in a directory that goes
// anyhow.
#pragma once

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <string>
#include <string_view>

#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "tests/fuzz/reader.h"

namespace asylum::fuzz {

class Directory {
 public:
  Directory() {
    require(::mkdtemp(path_.data()) != nullptr, "a temporary directory can be made");
    fd_ = sys::open_at(AT_FDCWD, path_, O_RDONLY | O_DIRECTORY);
  }
  Directory(const Directory&) = delete;
  Directory& operator=(const Directory&) = delete;
  ~Directory() {
    for (const std::string& name : sys::list_directory(fd())) (void)sys::try_remove_at(fd(), name);
    ::rmdir(path_.c_str());
  }

  int fd() const { return fd_.get(); }

  /// The whole content of a file.
  void write(const std::string& name, std::string_view text) const {
    sys::write_all(sys::open_at(fd(), name, O_WRONLY | O_CREAT | O_TRUNC, 0600).get(), text);
  }

 private:
  static std::string parent() {
    const char* const chosen = ::getenv("TMPDIR");
    return chosen != nullptr ? chosen : "/tmp";
  }

  std::string path_ = parent() + "/asylum-fuzz-XXXXXX";
  sys::Fd fd_;
};

}  // namespace asylum::fuzz
