// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/pid_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/random.h>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"

namespace asylum::container {
namespace {

constexpr mode_t kMode = 0644;

/// A name nobody else has, so that removing it after a crash can harm nobody.
std::string temporary_name(const std::string& name) {
  static constexpr char kHex[] = "0123456789abcdef";
  unsigned char random[8];
  if (::getrandom(random, sizeof random, 0) != sizeof random) {
    throw_os("getrandom", errno, "choose a temporary name");
  }
  std::string out = cat('.', name.substr(0, 200), '.');
  for (const unsigned char byte : random) {
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

}  // namespace

void write_pid_file(const std::string& path, pid_t pid, Journal* journal) {
  Step step{cat("write pid file ", path)};
  const std::size_t slash = path.rfind('/');
  const std::string name = path.substr(slash + 1);
  const sys::Fd directory =
      sys::open_at(AT_FDCWD, slash == 0 ? "/" : path.substr(0, slash), O_PATH | O_DIRECTORY);
  const std::string temporary = temporary_name(name);
  if (journal != nullptr) journal->intend_pid_file(path, temporary);
  const sys::Fd file =
      sys::open_at(directory.get(), temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, kMode);
  sys::write_all(file.get(), cat(pid));
  if (journal != nullptr) journal->made_pid_file(sys::identity_of(file.get()));
  if (::renameat(directory.get(), temporary.c_str(), directory.get(), name.c_str()) != 0) {
    throw_os("renameat", errno, cat("rename ", quote(temporary), " to ", quote(name)));
  }
}

}  // namespace asylum::container
