// SPDX-License-Identifier: Apache-2.0
// The few capabilities that plan itself asks about. Numbers: linux/capability.h (no kernel header
// here).
#pragma once

#include <cstdint>

namespace asylum::plan::capability {

inline constexpr std::uint32_t setgid = 6, setuid = 7, net_admin = 12, sys_admin = 21, mknod = 27,
                               bpf = 39;

constexpr bool in(std::uint64_t set, std::uint32_t number) {
  return number < 64 && ((set >> number) & 1) != 0;
}

}  // namespace asylum::plan::capability
