// SPDX-License-Identifier: Apache-2.0
// Anonymous files that cannot be changed any more.
#include "runtime/sys/memory_file.h"

#include <linux/memfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U  // Linux 6.3
#endif

namespace asylum::sys {

Fd make_sealed_file(const char* name, std::string_view content) {
  constexpr unsigned kFlags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  Fd fd(::memfd_create(name, kFlags | MFD_NOEXEC_SEAL));
  if (!fd && errno == EINVAL) fd.reset(::memfd_create(name, kFlags));  // before 6.3
  if (!fd) throw_os("memfd_create", errno, cat("make memory file ", quote(name)));
  write_all(fd.get(), content);
  constexpr int kSeals = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE;
  if (::fcntl(fd.get(), F_ADD_SEALS, kSeals) != 0) {
    throw_os("fcntl", errno, cat("seal memory file ", quote(name)));
  }
  if (::lseek(fd.get(), 0, SEEK_SET) != 0) throw_os("lseek", errno, cat("rewind ", quote(name)));
  return fd;
}

}  // namespace asylum::sys
