// SPDX-License-Identifier: Apache-2.0
// The verb kill.
#include <errno.h>
#include <signal.h>

#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/container.h"
#include "runtime/container/state_store.h"
#include "runtime/container/status.h"
#include "runtime/sys/process.h"
#include "runtime/sys/signals.h"

namespace asylum::container {
namespace {

// Engines look for both runc's words and the errno's text (containerd: "no such process").
[[noreturn]] void throw_not_running() {
  throw Error(ErrorKind::wrong_state, "container not running")
      .because_of("pidfd_send_signal", ESRCH);
}

}  // namespace

void kill(const Settings& settings, const std::string& id, int signal, bool all) {
  const sys::Fd directory = StateStore(settings).open(id);
  const Observation seen = observe_existing(directory.get(), id);
  // A lost journal names no process; a lost record is no reason to spare one.
  if (seen.is_damaged() && seen.pid() == 0) throw_damaged(id, seen.damage);
  if (seen.status == Status::creating) {
    throw Error(ErrorKind::wrong_state, "cannot kill a container in the creating state")
        .with_hint("wait for create, or end that process");
  }
  const auto cgroup = find_cgroup(seen.ledger);
  if (all && cgroup) {
    if (signal != 0) cgroup->signal_all(signal);
    return;
  }
  if (seen.status == Status::stopped || !seen.ledger.init) {
    if (all) return;
    throw_not_running();
  }
  // Without a pid namespace of its own the kernel does not end the others with the first process.
  const bool own_pid_namespace = seen.record && seen.record->own_pid_namespace;
  if (signal == SIGKILL && !own_pid_namespace && cgroup) return cgroup->kill_all();
  const auto pidfd = try_open_process(*seen.ledger.init);
  if (!pidfd) throw_not_running();
  Step step{cat("send ", sys::signal_name(signal), " to container ", id)};
  const int refused = sys::try_send_signal(pidfd->get(), signal);
  if (refused == ESRCH) throw_not_running();
  if (refused != 0)
    throw_os("pidfd_send_signal", refused, cat("signal process ", seen.ledger.init->pid));
}

}  // namespace asylum::container
