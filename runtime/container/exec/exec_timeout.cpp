// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/exec/exec_timeout.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/cgroup.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/poll.h"

namespace asylum::container {
namespace {

constexpr mode_t kMode = 0755;
constexpr std::int64_t kFreezeTimeoutMs = 2'000;

std::string make_directory_below(int parent) {
  const std::string base = cat("asylum-exec-", ::getpid());
  for (int number = 0;; ++number) {  // one of that name may be left of an exec that was killed
    std::string name = number == 0 ? base : cat(base, "-", number);
    if (sys::try_make_directory_at(parent, name, kMode)) return name;
  }
}

// cgroup.procs takes numbers. What is frozen neither ends nor forks: no number in the list becomes
// that of a process of the host, which would be moved into the container, and none is missed.
// Moving thaws.
void move_up(const cgroup::Cgroup& cgroup, int parent) {
  if (!cgroup.is_populated()) return;
  cgroup.set_frozen(true, sys::Deadline::after_ms(kFreezeTimeoutMs));
  for (const pid_t pid : cgroup.pids()) {
    static_cast<void>(sys::try_write_control_at(parent, "cgroup.procs", cat(pid)));
  }
}

void thaw(const cgroup::Cgroup& cgroup) noexcept {
  static_cast<void>(sys::try_write_control_at(cgroup.fd(), "cgroup.freeze", "0"));
}

}  // namespace

TimedCgroup::TimedCgroup(int parent) : parent_(sys::duplicate(parent)) {
  const Step step{"make a cgroup for the process and all that it starts"};
  name_ = make_directory_below(parent);
  directory_ = sys::open_beneath(parent, name_, O_RDONLY | O_DIRECTORY);
}

bool TimedCgroup::has(pid_t pid) const {
  const std::vector<pid_t> pids = cgroup::Cgroup(sys::duplicate(fd()), name_).pids();
  return std::find(pids.begin(), pids.end(), pid) != pids.end();
}

void TimedCgroup::kill() {
  const Step step{"end the process and all that it has started"};
  const cgroup::Cgroup cgroup(sys::duplicate(fd()), name_);
  cgroup.kill_all();
  if (!cgroup.wait_until_empty(sys::Deadline::patience())) {
    throw Error(ErrorKind::os, "some of its processes did not end within 10 s of SIGKILL");
  }
  cgroup.remove_descendants();
  sys::remove_at(parent_.get(), name_, AT_REMOVEDIR);
}

void TimedCgroup::dissolve() noexcept {
  try {
    const cgroup::Cgroup cgroup(sys::duplicate(fd()), name_);
    try {
      move_up(cgroup, parent_.get());
    } catch (const Error&) {
      // It cannot be frozen now (a process waits for a disk): all stays where it is.
    }
    if (sys::try_remove_at(parent_.get(), name_, AT_REMOVEDIR)) thaw(cgroup);
  } catch (const Error&) {
    // The container was deleted meanwhile, and the cgroup with it.
  }
}

}  // namespace asylum::container
