// SPDX-License-Identifier: Apache-2.0
// The BPF in front of libseccomp's program (design §8.8): system calls newer than the profile get
// ENOSYS, so that libc falls back as on an old kernel instead of meeting EPERM; names newer than
// libseccomp are decided here. Pure.
#pragma once

#include <linux/filter.h>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace asylum::seccomp {

/// What the prologue decides for one architecture. x32 has an entry of its own.
struct PrologueArchitecture {
  std::uint32_t audit_arch = 0;
  bool x32 = false;
  std::uint32_t highest = 0;  // the highest number the profile names, without bit 30
  std::vector<std::pair<std::uint32_t, std::uint32_t>>
      decided;  // number (without bit 30) → SECCOMP_RET_*
};

/// `enosys_above_highest`: numbers above `highest` return ENOSYS; x32 numbers too when only x86_64
/// is listed. What the prologue does not decide falls through to the instruction after it.
std::vector<sock_filter> make_prologue(const std::vector<PrologueArchitecture>& architectures,
                                       bool enosys_above_highest);

}  // namespace asylum::seccomp
