// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/process/self_exec.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <linux/memfd.h>
#include <linux/stat.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/process.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U  // Linux 6.3
#endif

namespace asylum::sys {
namespace {

constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;

bool contains(const std::vector<IdRange>& ranges, std::uint32_t id) {
  return std::any_of(ranges.begin(), ranges.end(), [id](const IdRange& range) {
    return id >= range.first && id - range.first < range.count;
  });
}

// Nobody of the container can be the owner, and nobody else may write. (Group bits are the mask of
// an ACL too.)
bool is_out_of_reach(const SelfProtection& facts, const struct ::statx& status) {
  return facts.own_user_namespace && !contains(facts.mapped_uids, status.stx_uid) &&
         (status.stx_mode & 022) == 0;
}

bool is_sealed() {
  const Fd readable = open_at(AT_FDCWD, "/proc/self/exe", O_RDONLY);
  const int seals = ::fcntl(readable.get(), F_GET_SEALS);
  return seals >= 0 && (seals & kSeals) == kSeals;
}

Fd sealed_copy() {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  Fd copy(::memfd_create("asylum-runc", kFlags | MFD_EXEC));
  if (!copy && errno == EINVAL) copy.reset(::memfd_create("asylum-runc", kFlags));  // before 6.3
  if (!copy) {
    throw_os("memfd_create", errno, "copy the program into memory",
             errno == EACCES ? "the sysctl vm.memfd_noexec forbids executable memory files" : "");
  }
  const Fd program = open_at(AT_FDCWD, "/proc/self/exe", O_RDONLY);
  while (true) {
    const ssize_t n = ::sendfile(copy.get(), program.get(), nullptr, 1U << 30);
    if (n == 0) break;
    if (n < 0 && errno != EINTR) throw_os("sendfile", errno, "copy the program into memory");
  }
  if (::fcntl(copy.get(), F_ADD_SEALS, kSeals) != 0)
    throw_os("fcntl", errno, "seal the copy of the program");
  return copy;
}

bool is_read_only(int fd) {
  return (mount_flags_of(fd) & ST_RDONLY) != 0;
}

// A read-only detached mount of the program; none when cloning mounts is not permitted to us.
// `already` says that the program runs from such a mount: one that hangs in no namespace cannot be
// cloned (EINVAL), nor made writable again by anybody.
Fd read_only_clone(int program, bool read_only_now, bool& already) {
  Fd clone(::open_tree(program, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH));
  if (!clone) {
    already = errno == EINVAL && read_only_now;
    return {};
  }
  struct ::mount_attr attributes {};
  attributes.attr_set = MOUNT_ATTR_RDONLY;
  if (::mount_setattr(clone.get(), "", AT_EMPTY_PATH, &attributes, sizeof attributes) != 0)
    return {};
  return clone;
}

std::vector<int>& kept_descriptors() {
  static std::vector<int> descriptors;
  return descriptors;
}

}  // namespace

void keep_over_self_exec(std::vector<int> descriptors) {
  kept_descriptors() = std::move(descriptors);
}

void protect_own_executable(const SelfProtection& facts, char* const* argv) {
  const Fd program = open_at(AT_FDCWD, "/proc/self/exe", O_PATH);
  const bool read_only_now = is_read_only(program.get());
  // With a mount namespace of its own the container cannot change a mount of ours. This is also
  // where the second round usually ends.
  if (read_only_now && facts.own_mount_namespace) return;
  struct ::statx status {};
  if (::statx(program.get(), "", AT_EMPTY_PATH, STATX_BASIC_STATS, &status) != 0) {
    throw_os("statx", errno, "look at our own program");
  }
  if ((status.stx_attributes & STATX_ATTR_VERITY) != 0 || is_out_of_reach(facts, status)) return;
  bool already = false;
  Fd protected_program = read_only_clone(program.get(), read_only_now, already);
  if (already) return;
  if (!protected_program) {
    if (is_sealed()) return;
    protected_program = sealed_copy();
  }
  for (const int fd : kept_descriptors()) static_cast<void>(::fcntl(fd, F_SETFD, 0));
  execve_fd_or_throw(protected_program.get(), argv, environ);
}

}  // namespace asylum::sys
