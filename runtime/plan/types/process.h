// SPDX-License-Identifier: Apache-2.0
// The plan's part about the program's process.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace asylum::plan {

/// Bit n is capability n.
struct CapabilitySets {
  std::uint64_t bounding = 0, effective = 0, permitted = 0, inheritable = 0, ambient = 0;
};

/// Who the program is. exec uses the same steps.
struct Identity {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::vector<std::uint32_t> additional_gids;
  bool set_groups = true;  // false where setgroups is denied to us and none are asked for
  CapabilitySets capabilities;
  bool has_capabilities = false;  // /process/capabilities is there; else all sets become empty
  bool no_new_privileges = false;
  std::string apparmor_profile;
  std::string selinux_label;
};

struct ResourceLimit {
  std::uint32_t resource = 0;  // RLIMIT_*
  std::string name;            // "RLIMIT_NOFILE"
  std::uint64_t soft = 0;
  std::uint64_t hard = 0;
  std::string pointer;
};

struct Scheduler {
  std::uint32_t policy = 0;  // SCHED_*
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime_ns = 0, deadline_ns = 0, period_ns = 0;
};

struct IoPriority {
  std::uint32_t io_class = 0;  // IOPRIO_CLASS_*
  std::uint32_t level = 0;
};

struct MemoryPolicy {
  std::uint32_t mode_and_flags = 0;  // MPOL_*
  std::vector<std::uint32_t> nodes;
};

struct Process {
  std::vector<std::string> args;
  std::vector<std::string>
      env;  // final, "KEY=value", last of a key wins; HOME is added by init if absent
  std::string cwd = "/";
  Identity identity;
  std::uint32_t umask = 0022;
  std::vector<ResourceLimit> limits;
  std::optional<std::int32_t> oom_score_adj;
  bool terminal = false;
  bool detached = false;  // the command does not wait for it: files it writes to become the user's
  std::uint16_t console_rows = 0, console_columns = 0;  // 0 = not said
  std::optional<Scheduler> scheduler;
  std::optional<IoPriority> io_priority;
  std::optional<MemoryPolicy> memory_policy;
  std::optional<std::uint64_t> personality;                               // PER_* value
  std::vector<std::uint32_t> exec_affinity_initial, exec_affinity_final;  // cpus; exec only
  std::uint32_t listen_fds = 0;  // the first of those: the program is told its pid (LISTEN_PID)
  std::uint32_t preserved_fds =
      0;  // descriptors 3 .. 3+n-1 stay open (LISTEN_FDS and --preserve-fds)
};

struct ProcessPlan {
  Process process;
  bool new_session_keyring = true;
  std::string session_keyring;  // its name; "" = without one
};

}  // namespace asylum::plan
