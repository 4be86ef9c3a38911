// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/environment.h"

#include "runtime/base/text.h"

namespace asylum::process {

std::optional<std::string_view> find_variable(const std::vector<std::string>& environment,
                                              std::string_view key) {
  for (const std::string_view entry : environment) {
    if (entry.size() > key.size() && entry.starts_with(key) && entry[key.size()] == '=') {
      return entry.substr(key.size() + 1);
    }
  }
  return std::nullopt;
}

std::optional<std::string> home_in_passwd(std::string_view passwd, std::uint32_t uid) {
  // name:password:uid:gid:gecos:home:shell
  constexpr std::size_t kUid = 2, kHome = 5;
  for (const std::string_view line : split(passwd, '\n')) {
    const std::vector<std::string_view> fields = split(line, ':');
    if (fields.size() <= kHome || parse_u64(fields[kUid]) != uid) continue;
    if (fields[kHome].find('\0') != std::string_view::npos) continue;
    return std::string(fields[kHome]);
  }
  return std::nullopt;
}

}  // namespace asylum::process
