// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/process/pidfd_info.h"

#include <sys/ioctl.h>

#include <cstdint>

namespace asylum::sys {
namespace {

// struct pidfd_info as first published (linux/pidfd.h, 6.13); Debian 12's headers have none.
struct PidfdInfo {
  std::uint64_t mask = 0;
  std::uint64_t cgroup_id = 0;
  std::uint32_t pid = 0, tgid = 0, ppid = 0;
  std::uint32_t ids[8] = {};  // real, effective, saved and file system uid and gid
  std::int32_t exit_code = 0;
};
static_assert(sizeof(PidfdInfo) == 64);

constexpr unsigned long kGetInfo = _IOWR(0xFF, 11, PidfdInfo);
constexpr std::uint64_t kInfoExit = 1U << 3;  // 6.15

}  // namespace

std::optional<WaitResult> try_reaped_end(int pidfd) {
  PidfdInfo info;
  info.mask = kInfoExit;
  // ENOTTY: a kernel without it. ESRCH: reaped before the kernel could keep anything for us.
  if (::ioctl(pidfd, kGetInfo, &info) != 0 || (info.mask & kInfoExit) == 0) return std::nullopt;
  return decode_status(static_cast<pid_t>(info.pid), info.exit_code);
}

}  // namespace asylum::sys
