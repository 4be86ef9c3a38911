// SPDX-License-Identifier: Apache-2.0
// A small world of its own for the driver (pid, mount and cgroup namespace), so that "the whole
// process list, cgroup tree and mount table are as before" can be said exactly, beside anything
// else that runs on the machine.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace killdriver {

/// What a container may leave behind, as text: cgroups, processes, mounts, state files.
struct Snapshot {
  std::string cgroups;
  std::string processes;
  std::string mounts;
  std::string state;
};

/// What the container has besides, or lacks: a user namespace, hooks (which outlive the call that
/// starts them), a pid namespace of its own (it joins one, and has hooks), or a cgroup.
enum class Kind { plain, user, hooks, pids, no_cgroup };

class World {
 public:
  /// Makes the namespaces and forks: returns in the child, pid 1 of the new world; the parent
  /// waits, cleans up the cgroup and directory and exits with the child's code.
  static World enter();

  /// Before anything else: process 2, with a mount namespace of its own.
  void add_neighbour() const;

  /// A bundle with busybox as its only program, its config from `program spec`.
  void make_bundle(const std::string& program, const std::string& busybox, Kind kind);

  /// This file instead of the config that make_bundle() wrote.
  void use_config(const std::string& file);

  Snapshot look() const;
  /// The differences as one line, "" if none. Waits up to a second for dying processes to be gone.
  std::string difference(const Snapshot& before) const;

  const std::string& directory() const { return directory_; }
  std::string state() const { return directory_ + "/state"; }
  std::string bundle() const { return directory_ + "/bundle"; }
  std::string output() const { return directory_ + "/output"; }

 private:
  std::string directory_;
  std::string cgroup_root_;
};

/// Starts argv with stdin from /dev/null and output to `output` (truncated); runs `in_child` before
/// execve.
pid_t start(const std::vector<std::string>& argv, const std::string& output,
            const std::function<void()>& in_child);
/// Runs argv to its end, letting go of every stopped tracee meanwhile. 0 to 255, 128+signal, or -1
/// after `timeout_s`.
int run(const std::vector<std::string>& argv, const std::string& output, int timeout_s);

std::string read_file(const std::string& path);
/// Waits for SIGCHLD (blocked by the caller) or the time.
void wait_for_child(int timeout_ms);
[[noreturn]] void fail(const std::string& what);

}  // namespace killdriver
