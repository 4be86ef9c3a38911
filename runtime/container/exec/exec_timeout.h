// SPDX-License-Identifier: Apache-2.0
// exec --timeout: a cgroup of its own for one process and all that it starts, so that whatever they
// do to their parents and sessions they can be ended together.
#pragma once

#include <sys/types.h>

#include <string>

#include "runtime/sys/fd.h"

namespace asylum::container {

class TimedCgroup {
 public:
  /// A new directory below `parent`, an open cgroup2 directory of the container's. Throws.
  explicit TimedCgroup(int parent);

  int fd() const { return directory_.get(); }

  /// Whether a process lives in it or below: it may have moved itself elsewhere in the container,
  /// where that has a writable cgroup mount.
  bool has(pid_t pid) const;

  /// Kills all that live in it, waits until they are gone, removes it. Throws.
  void kill();
  /// Leaves what lives in it to the container, and removes it. What cannot be moved (the container
  /// has made cgroups below) stays where it is: delete removes it.
  void dissolve() noexcept;

 private:
  sys::Fd parent_;
  std::string name_;
  sys::Fd directory_;
};

}  // namespace asylum::container
