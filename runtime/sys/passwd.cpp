// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/passwd.h"

#include <array>

#include "runtime/base/text.h"
#include "runtime/sys/lines.h"

namespace asylum::sys {

std::optional<Account> parse_account(std::string_view line) {
  constexpr std::size_t kName = 0, kUid = 2, kHome = 5;
  if (line.find('\0') != std::string_view::npos) return std::nullopt;
  std::array<std::string_view, kHome + 1> fields;
  for (std::size_t i = 0; i <= kHome; ++i) {
    const std::size_t colon = line.find(':');
    fields[i] = line.substr(0, colon);
    if (colon == std::string_view::npos && i < kHome) return std::nullopt;
    line.remove_prefix(colon == std::string_view::npos ? line.size() : colon + 1);
  }
  const auto uid = parse_u64(fields[kUid]);
  if (!uid || *uid > UINT32_MAX) return std::nullopt;
  return Account{std::string(fields[kName]), static_cast<std::uint32_t>(*uid),
                 std::string(fields[kHome])};
}

std::optional<Account> find_account(int fd, std::uint32_t uid) {
  std::optional<Account> found;
  for_each_line(fd, kLargestPasswd, [&](std::string_view line) {
    auto account = parse_account(line);
    if (account && account->uid == uid) found = std::move(account);
    return !found;
  });
  return found;
}

}  // namespace asylum::sys
