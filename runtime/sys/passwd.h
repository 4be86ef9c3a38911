// SPDX-License-Identifier: Apache-2.0
// Accounts from a passwd file itself: NSS would load libraries of the host's choice into us, and
// knows nothing of a container's.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace asylum::sys {

struct Account {
  std::string name;
  std::uint32_t uid = 0;
  std::string home;
};

/// name:password:uid:gid:gecos:home:shell. Nothing if it is broken. Pure. Source: passwd(5).
std::optional<Account> parse_account(std::string_view line);

/// Above this many bytes a passwd file is not read.
inline constexpr std::size_t kLargestPasswd = 64U << 20;

/// The first account of `uid` in an open passwd file, read piece by piece: it may have tens of
/// thousands of lines. Throws what read(2) says, and EFBIG.
std::optional<Account> find_account(int fd, std::uint32_t uid);

}  // namespace asylum::sys
