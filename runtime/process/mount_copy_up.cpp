// SPDX-License-Identifier: Apache-2.0
// tmpcopyup: what the image has at the mount point, copied into the new tmpfs while that is still
// detached. By descriptors, one component at a time; links are copied, never followed.
// Runs in: init, after clone, before pivot_root.
#include <errno.h>
#include <fcntl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/process/mount_operations.h"
#include "runtime/sys/file.h"

namespace asylum::process {
namespace {

[[noreturn]] void fail(const char* system_call, const std::string& name) {
  throw_os(system_call, errno, cat("copy ", quote(name), " up"));
}

void copy_bytes(int from, int to, const std::string& name) {
  constexpr std::size_t kChunk = 1U << 24;
  for (;;) {
    const ssize_t count = ::sendfile(to, from, nullptr, kChunk);
    if (count < 0) fail("sendfile", name);
    if (count == 0) return;
  }
}

void copy_status(int to, const std::string& name, const struct ::stat& status) {
  const bool is_link = S_ISLNK(status.st_mode);
  if (::fchownat(to, name.c_str(), status.st_uid, status.st_gid, AT_SYMLINK_NOFOLLOW) != 0) {
    fail("fchownat", name);
  }
  // After the owner: chown clears set-id bits. Nobody else can reach this detached tree, so the
  // name still is what we made.
  if (!is_link && ::fchmodat(to, name.c_str(), status.st_mode & 07777, 0) != 0) {
    fail("fchmodat", name);
  }
  const timespec times[2] = {status.st_atim, status.st_mtim};
  if (::utimensat(to, name.c_str(), times, AT_SYMLINK_NOFOLLOW) != 0) fail("utimensat", name);
}

void copy_entry(int from, int to, const std::string& name) {
  struct ::stat status {};
  if (::fstatat(from, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) fail("fstatat", name);
  switch (status.st_mode & S_IFMT) {
    case S_IFDIR: {
      if (::mkdirat(to, name.c_str(), 0700) != 0) fail("mkdirat", name);
      const sys::Fd source = sys::open_at(from, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      const sys::Fd target = sys::open_at(to, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
      copy_up(source.get(), target.get());
      break;
    }
    case S_IFREG: {
      const sys::Fd source = sys::open_at(from, name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
      const sys::Fd target = sys::open_at(to, name, O_WRONLY | O_CREAT | O_EXCL, 0600);
      copy_bytes(source.get(), target.get(), name);
      break;
    }
    case S_IFLNK: {
      const std::string link = sys::read_link_at(from, name);
      if (::symlinkat(link.c_str(), to, name.c_str()) != 0) fail("symlinkat", name);
      break;
    }
    case S_IFSOCK:
      return;  // a socket is its server's, a copy would be none
    default:
      if (::mknodat(to, name.c_str(), status.st_mode, status.st_rdev) != 0) fail("mknodat", name);
  }
  copy_status(to, name, status);
}

}  // namespace

void copy_up(int from, int to) {
  const sys::Fd source = sys::open_at(from, ".", O_RDONLY | O_DIRECTORY);
  const sys::Fd target = sys::open_at(to, ".", O_RDONLY | O_DIRECTORY);
  for (const std::string& name : sys::list_directory(source.get())) {
    copy_entry(source.get(), target.get(), name);
  }
}

}  // namespace asylum::process
