// SPDX-License-Identifier: Apache-2.0
// The lock of one container: whoever changes it (create, start, delete) holds it; state, kill and
// list never ask for it. Its file is opened once in a process and never again: closing any
// descriptor of it would give the lock back.
#pragma once

#include <optional>
#include <string>

#include "runtime/sys/fd.h"
#include "runtime/sys/poll.h"

namespace asylum::container {

class ContainerLock {
 public:
  /// For a directory that this command has just made. Nothing if a delete was faster and has taken
  /// that away.
  static std::optional<ContainerLock> try_make(int state_directory, const std::string& id);
  /// Waits for a live holder; at the deadline throws wrong_state and names its pid. not_found if
  /// the container was deleted meanwhile.
  static ContainerLock take(int state_directory, const std::string& id,
                            const sys::Deadline& deadline);
  /// Removes a "lock" that is no file of ours, and so is held by nobody.
  static void discard_false(int state_directory);
  void release() { file_.reset(); }

 private:
  explicit ContainerLock(sys::Fd file) : file_(std::move(file)) {}
  void wait(const std::string& id, const sys::Deadline& deadline) const;

  sys::Fd file_;
};

/// Whether another process holds it; nobody holds what is no lock. Never called by a holder.
bool is_locked(int state_directory);

}  // namespace asylum::container
