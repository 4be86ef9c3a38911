// SPDX-License-Identifier: Apache-2.0
// The verb start.
#include "runtime/container/verbs/start.h"

#include <poll.h>
#include <signal.h>

#include <optional>
#include <utility>

#include "hooks/run_hooks.h"
#include "hooks/state_document.h"
#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/cgroup.h"
#include "runtime/container/state/container_lock.h"
#include "runtime/container/state/existing.h"
#include "runtime/container/state/saved_config.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/verbs/notify.h"
#include "runtime/plan/seccomp_plan.h"
#include "runtime/process/main/open_gate.h"
#include "runtime/sys/file.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/process/process.h"

namespace asylum::container {
namespace {

void stop(const Starting& starting) {
  static_cast<void>(sys::try_send_signal(starting.pidfd, SIGKILL));
  if (starting.cgroup >= 0) cgroup::Cgroup(sys::duplicate(starting.cgroup), "").kill_all();
  static_cast<void>(sys::wait_for(starting.pidfd, POLLIN, sys::Deadline::patience()));
}

/// The seccomp rules of the config as it was at create: for an explanation, so a config that cannot
/// be read any more is no error.
std::optional<plan::Seccomp> profile_of(int state_directory) {
  const auto spec = try_read_saved_spec(state_directory);
  if (!spec) return std::nullopt;
  return plan::plan_seccomp(*spec);
}

}  // namespace

void start_program(const Starting& starting, const Record& record) {
  process::open_gate(starting.state_directory, starting.pidfd, starting.pid, starting.cgroup,
                     [&starting] { return profile_of(starting.state_directory); });
  if (record.poststart.empty()) return;
  try {
    Step step{"run poststart hooks"};
    hooks::run_hooks({HookStage::poststart, record.poststart,
                      hooks::state_document(record.state, starting.pid, "running"), nullptr});
  } catch (...) {
    stop(starting);
    throw;
  }
}

void start(const Settings& settings, const std::string& id) {
  Container container = Container::unseen(settings, id);
  // Asked first without the lock: a container that is being created is told at once.
  if (is_locked(container.directory())) {
    container.look();
    if (container.status() == Status::creating) container.require(Verb::start);
  }
  ContainerLock lock = ContainerLock::take(container.directory(), id, sys::Deadline::patience());
  container.look(LockView::held_by_us);
  container.require(Verb::start);
  const sys::Fd pidfd = container.init_for(Verb::start);
  const auto cgroup = container.try_cgroup();
  auto notify = open_notify_socket(container.directory());
  start_program(
      {container.directory(), pidfd.get(), container.init_pid(), cgroup ? cgroup->fd() : -1},
      container.record());
  if (!notify) return;
  lock.release();  // it may take its time
  notify->wait_for_ready(pidfd.get(), container.init_pid());
}

}  // namespace asylum::container
