// SPDX-License-Identifier: Apache-2.0
// The typed `process` object. Source: runtime-spec config.md#process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "spec/types.h"

namespace asylum::spec {

struct ConsoleSize {
  std::uint16_t height = 0;  // rows; the kernel's window size has 16 bits
  std::uint16_t width = 0;   // columns
  Unknown unknown;
  bool operator==(const ConsoleSize&) const = default;
};

struct User {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::optional<std::uint32_t> umask;
  std::vector<std::uint32_t> additional_gids;
  Unknown unknown;
  bool operator==(const User&) const = default;
};

/// Names as written ("CAP_KILL"); names.h gives numbers. An unknown name is a warning, never an
/// error.
struct Capabilities {
  std::vector<std::string> bounding;
  std::vector<std::string> effective;
  std::vector<std::string> inheritable;
  std::vector<std::string> permitted;
  std::vector<std::string> ambient;
  Unknown unknown;
  bool operator==(const Capabilities&) const = default;
};

struct Rlimit {
  std::string type;  // "RLIMIT_NOFILE"; names.h gives the number, validate refuses unknown ones
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;  // 2^64-1 is RLIM_INFINITY
  Unknown unknown;
  bool operator==(const Rlimit&) const = default;
};

enum class SchedulerPolicy : std::uint8_t { other, fifo, round_robin, batch, iso, idle, deadline };
enum class SchedulerFlag : std::uint8_t {
  reset_on_fork,
  reclaim,
  deadline_overrun,
  keep_policy,
  keep_params,
  util_clamp_min,
  util_clamp_max,
};

struct Scheduler {
  SchedulerPolicy policy = SchedulerPolicy::other;
  std::optional<std::int32_t> nice;
  std::optional<std::int32_t> priority;
  std::vector<SchedulerFlag> flags;
  std::optional<std::uint64_t> runtime_ns;
  std::optional<std::uint64_t> deadline_ns;
  std::optional<std::uint64_t> period_ns;
  Unknown unknown;
  bool operator==(const Scheduler&) const = default;
};

enum class IoPriorityClass : std::uint8_t { realtime, best_effort, idle };

struct IoPriority {
  IoPriorityClass io_class = IoPriorityClass::best_effort;
  std::optional<std::int32_t> priority;  // 0 (highest) to 7
  Unknown unknown;
  bool operator==(const IoPriority&) const = default;
};

/// Lists of CPUs as the kernel writes them ("0-3,7"); for exec only.
struct CpuAffinity {
  std::string initial;
  std::string final;
  Unknown unknown;
  bool operator==(const CpuAffinity&) const = default;
};

struct Process {
  bool terminal = false;
  std::optional<ConsoleSize> console_size;
  User user;
  std::vector<std::string> args;
  std::vector<std::string> env;
  std::string cwd;
  std::optional<Capabilities> capabilities;  // absent: all sets are empty
  std::vector<Rlimit> rlimits;
  bool no_new_privileges = false;
  std::optional<std::int32_t> oom_score_adj;  // absent: must not be changed
  std::optional<Scheduler> scheduler;
  std::optional<IoPriority> io_priority;
  std::optional<CpuAffinity> exec_cpu_affinity;
  std::string apparmor_profile;  // "" = none
  std::string selinux_label;     // "" = none
  Unknown unknown;               // also `commandLine` (Windows)
  bool operator==(const Process&) const = default;
};

}  // namespace asylum::spec
