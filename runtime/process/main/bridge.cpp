// SPDX-License-Identifier: Apache-2.0
// Runs in: the bridge.
#include "runtime/process/main/bridge.h"

#include <signal.h>

#include <exception>

#include "runtime/base/error.h"
#include "runtime/base/step.h"

namespace asylum::process {
namespace {

pid_t join_and_clone(const Crossing& crossing) {
  sys::set_parent_death_signal(SIGKILL);
  // Processes of a user namespace that we enter have power over us; init inherits this.
  sys::set_dumpable(false);
  join_all(crossing.joins);
  const Step step{"clone the container's init process", "/linux/namespaces"};
  sys::CloneRequest clone = crossing.clone;
  clone.as_sibling = true;
  clone.exit_signal = 0;  // CLONE_PARENT wants that: the signal will be ours, SIGCHLD
  clone.cgroup_fd = -1;
  return sys::clone_process(clone, crossing.init, crossing.context).pid;
}

}  // namespace

void cross(const Crossing& crossing, ChildChannel& channel) noexcept {
  try {
    channel.born(join_and_clone(crossing));
    sys::exit_now(0);
  } catch (const Error& error) {
    channel.failed(error);
  } catch (const std::exception& error) {
    channel.failed(Error(ErrorKind::internal, error.what()));
  }
  sys::exit_now(1);
}

}  // namespace asylum::process
