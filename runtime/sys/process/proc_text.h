// SPDX-License-Identifier: Apache-2.0
// Readers of what files in /proc say: pure functions of their text.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace asylum::sys {

/// One line of /proc/PID/cgroup. Source: cgroups(7).
struct CgroupEntry {
  std::uint32_t hierarchy = 0;  // 0 is cgroup2
  std::string controllers;      // "cpu,cpuacct", "name=systemd", "" for cgroup2
  std::string path;
};
std::vector<CgroupEntry> parse_cgroup(std::string_view text);
/// The path of the cgroup2 line, " (deleted)" left off.
std::optional<std::string> cgroup2_path(std::string_view text);

/// Of /proc/PID/stat; comm may hold any bytes, blanks and parentheses too. Source:
/// proc_pid_stat(5).
struct ProcessStat {
  pid_t pid = 0;
  std::string comm;
  char state = '?';  // R S D Z T t X I
  pid_t parent = 0;
  pid_t session = 0;
  std::uint64_t start_time_ticks = 0;
  bool is_dead() const { return state == 'Z' || state == 'X'; }
};
std::optional<ProcessStat> parse_stat(std::string_view text);

/// One line of uid_map or gid_map. Source: user_namespaces(7).
struct IdMapEntry {
  std::uint32_t inside = 0;
  std::uint32_t outside = 0;
  std::uint32_t count = 0;
  bool operator==(const IdMapEntry&) const = default;
};
std::vector<IdMapEntry> parse_id_map(std::string_view text);

/// The value of `key` in a flat keyed file ("oom_kill 3"): memory.events, cgroup.events. nullopt if
/// absent.
std::optional<std::uint64_t> flat_keyed_value(std::string_view text, std::string_view key);

}  // namespace asylum::sys
