// SPDX-License-Identifier: Apache-2.0
// The verb start.
#include <poll.h>
#include <signal.h>

#include <optional>
#include <utility>

#include "hooks/run_hooks.h"
#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/cgroup.h"
#include "runtime/container/container.h"
#include "runtime/container/container_lock.h"
#include "runtime/container/notify.h"
#include "runtime/container/saved_config.h"
#include "runtime/container/starting.h"
#include "runtime/container/state_store.h"
#include "runtime/container/status.h"
#include "runtime/plan/seccomp_plan.h"
#include "runtime/process/start_gate.h"
#include "runtime/sys/file.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/process.h"

namespace asylum::container {
namespace {

constexpr std::int64_t kLockTimeoutMs = 10'000;
constexpr std::int64_t kStopTimeoutMs = 10'000;

void stop(const Starting& starting) {
  static_cast<void>(sys::try_send_signal(starting.pidfd, SIGKILL));
  if (starting.cgroup >= 0) cgroup::Cgroup(sys::duplicate(starting.cgroup), "").kill_all();
  static_cast<void>(sys::wait_for(starting.pidfd, POLLIN, sys::Deadline::after_ms(kStopTimeoutMs)));
}

/// The seccomp rules of the config as it was at create: for an explanation, so a config that cannot
/// be read any more is no error.
std::optional<plan::Seccomp> profile_of(int state_directory) {
  const auto spec = try_read_saved_spec(state_directory);
  if (!spec) return std::nullopt;
  plan::Plan plan;
  plan::plan_seccomp(*spec, plan);
  return std::move(plan.seccomp);
}

void check_startable(Status status) {
  switch (status) {
    case Status::created:
      return;
    case Status::stopped:
      throw Error(ErrorKind::wrong_state, "cannot start a container that has stopped");
    case Status::paused:
      throw Error(ErrorKind::wrong_state, "cannot start a container in the paused state");
    case Status::running:
      throw Error(ErrorKind::wrong_state, "cannot start an already running container");
    case Status::creating:
      throw Error(ErrorKind::wrong_state, "cannot start a container in the creating state");
  }
}

}  // namespace

void start_program(const Starting& starting, const Record& record) {
  process::open_gate(starting.state_directory, starting.pidfd, starting.pid, starting.cgroup,
                     [&starting] { return profile_of(starting.state_directory); });
  if (record.poststart.empty()) return;
  try {
    Step step{"run poststart hooks"};
    hooks::run_hooks({plan::HookStage::poststart, record.poststart,
                      hooks::state_document(record.state, starting.pid, "running"), nullptr});
  } catch (...) {
    stop(starting);
    throw;
  }
}

void start(const Settings& settings, const std::string& id) {
  const sys::Fd directory = StateStore(settings).open(id);
  // Asked first without the lock: a container that is being created is told at once.
  if (is_locked(directory.get()) &&
      observe_existing(directory.get(), id).status == Status::creating) {
    check_startable(Status::creating);
  }
  ContainerLock lock =
      ContainerLock::take(directory.get(), id, sys::Deadline::after_ms(kLockTimeoutMs));
  const Observation seen = observe_existing(directory.get(), id, LockView::held_by_us);
  if (seen.is_damaged()) throw_damaged(id, seen.damage);
  check_startable(seen.status);
  const auto pidfd = try_open_process(*seen.ledger.init);
  if (!pidfd) check_startable(Status::stopped);
  const auto cgroup = find_cgroup(seen.ledger);
  auto notify = open_notify_socket(directory.get());
  start_program({directory.get(), pidfd->get(), seen.ledger.init->pid, cgroup ? cgroup->fd() : -1},
                *seen.record);
  if (!notify) return;
  lock.release();  // it may take its time
  notify->wait_for_ready(pidfd->get(), seen.ledger.init->pid);
}

}  // namespace asylum::container
