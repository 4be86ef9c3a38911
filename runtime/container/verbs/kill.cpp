// SPDX-License-Identifier: Apache-2.0
// The verb kill.
#include "runtime/container/verbs/kill.h"

#include <errno.h>
#include <signal.h>

#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/state/existing.h"
#include "runtime/container/state/settings.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/signals.h"

namespace asylum::container {
namespace {

void send(const Container& container, int signal) {
  const sys::Fd pidfd = container.init_for(Verb::kill);
  const Step step{cat("send ", sys::signal_name(signal), " to container ", container.id())};
  const int refused = sys::try_send_signal(pidfd.get(), signal);
  if (refused == ESRCH) check_legal(Verb::kill, Status::stopped, container.id());
  if (refused != 0) {
    throw_os("pidfd_send_signal", refused, cat("signal process ", container.init_pid()));
  }
}

}  // namespace

void kill(const Settings& settings, const std::string& id, int signal, bool all) {
  const Container container(settings, id);
  const auto cgroup = container.try_cgroup();
  // Without a pid namespace of its own the kernel does not end the others with the first process.
  const std::optional<Record>& record = container.seen().record;
  const bool own_pid_namespace = record && record->own_pid_namespace;
  const bool reaches_all = signal == SIGKILL && !own_pid_namespace && cgroup;
  if (reaches_all && container.status() == Status::stopped && cgroup->is_populated()) {
    return cgroup->kill_all();
  }
  container.require(all ? Verb::kill_all : Verb::kill);
  if (all && cgroup) {
    if (signal != 0) cgroup->signal_all(signal);
    return;
  }
  if (all && container.status() == Status::stopped) return;
  if (reaches_all) return cgroup->kill_all();
  send(container, signal);
}

}  // namespace asylum::container
