// SPDX-License-Identifier: Apache-2.0
// The small languages inside config.json: versions, CPU lists, sysctl names, interface names.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asylum::spec {

struct Version {
  std::uint64_t major = 0;
  std::uint64_t minor = 0;
  std::uint64_t patch = 0;
};

/// "1.2.0-dev+x" by SemVer 2.0.0; nothing if it is none.
std::optional<Version> parse_version(std::string_view text);

/// "0-3,7" → {0, 1, 2, 3, 7}, in the text's order; blanks around the numbers are allowed. Nothing
/// for anything else, an empty list, a falling range or a number over 65535. Source: runtime-spec
/// config-linux.md#cpu, cpuset(7) "List format".
std::optional<std::vector<std::uint32_t>> parse_cpu_list(std::string_view text);

/// The file below /proc/sys: "net.ipv4.conf.eth0/100.rp_filter" →
/// "net/ipv4/conf/eth0.100/rp_filter"; with a slash as the first separator the name is taken as it
/// stands. Nothing if a component is empty, "." or "..". Source: sysctl(8).
std::optional<std::string> sysctl_file(std::string_view name);

/// What the kernel takes as the name of an interface. Source: dev_valid_name(), net/core/dev.c.
bool is_interface_name(std::string_view name);

/// What is wrong with an entry of an environment: `it has no "="`, "its name is empty"; "" =
/// nothing. Never the entry itself, which may be a secret.
std::string_view fault_of_variable(std::string_view entry);

/// Whether a component of the path is "..".
bool climbs(std::string_view path);

inline bool is_absolute(std::string_view path) {
  return path.starts_with('/');
}

}  // namespace asylum::spec
