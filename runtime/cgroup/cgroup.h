// SPDX-License-Identifier: Apache-2.0
// One cgroup2 directory, by descriptor: what every driver shares once the directory exists.
// All waiting is on cgroup.events with a deadline.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/plan/types/cgroup.h"
#include "runtime/sys/fd.h"
#include "runtime/sys/poll.h"

namespace asylum::cgroup {

class Cgroup {
 public:
  /// `directory` is opened O_RDONLY; `path` is below the mount and only for messages.
  Cgroup(sys::Fd directory, std::string path);

  int fd() const { return directory_.get(); }
  const std::string& path() const { return path_; }
  /// Its identity: kernfs gives no number twice (the upper half counts generations).
  std::uint64_t inode() const;

  /// Writes one control file, or its stand-in where it does not exist; a value of several lines
  /// goes line by line (runtime-spec config-linux.md#unified). The Error names file, value,
  /// controller and pointer.
  void write(const plan::ControlWrite& control) const;

  /// Whether a process lives in it or below it. A directory that is gone has none.
  bool is_populated() const;
  /// false at the deadline.
  [[nodiscard]] bool wait_until_empty(const sys::Deadline& deadline) const;
  /// SIGKILL for every process in it and below, without a race against fork (cgroup.kill).
  void kill_all() const;
  /// `signal` to every process in it and below that was there before and after it was opened: never
  /// to one outside that has got the number of one that ended. SIGKILL is kill_all().
  void signal_all(int signal) const;

  bool is_frozen() const;
  /// Asks for it and waits until the kernel says so. Throws at the deadline.
  void set_frozen(bool frozen, const sys::Deadline& deadline) const;

  /// Processes in it and below, as we see them.
  std::vector<pid_t> pids() const;

  /// rmdir of every cgroup below this one, deepest first. Throws EBUSY if one is populated.
  void remove_descendants() const;

 private:
  bool try_write(const plan::ControlWrite& control, const std::string& name,
                 std::string_view value) const;
  std::string read(const std::string& file) const;
  bool wait_for_event(std::string_view key, std::uint64_t value,
                      const sys::Deadline& deadline) const;

  sys::Fd directory_;
  std::string path_;
};

}  // namespace asylum::cgroup
