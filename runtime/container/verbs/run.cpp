// SPDX-License-Identifier: Apache-2.0
// The verb run: create and start through the same gate, then in the foreground until the program
// ends.
#include "runtime/container/verbs/run.h"

#include <fcntl.h>

#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/state/state_store.h"
#include "runtime/container/verbs/create_options.h"
#include "runtime/container/verbs/make_container.h"
#include "runtime/container/verbs/notify.h"
#include "runtime/container/verbs/prepare.h"
#include "runtime/container/verbs/remove.h"
#include "runtime/container/verbs/start.h"
#include "runtime/process/attach/foreground.h"
#include "runtime/sys/interruption.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/process/process.h"

namespace asylum::container {
namespace {

/// Whatever remains of it. A failure is a warning: another error, or the program's exit code, says
/// more.
void clean_up(const StateStore& store, const std::string& id, int directory) noexcept {
  try {
    destroy(store, id, directory, observe(directory, id, LockView::held_by_us));
  } catch (const Error& error) {
    log::warning(cat("container ", id, " is not removed, `delete --force ", id,
                     "` tries again: ", sentence_of(error)));
  } catch (const std::exception& error) {
    log::warning(cat("container ", id, " is not removed: ", error.what()));
  }
}

/// Returns the container's notification socket if a service manager waits for it.
std::optional<process::NotifySocket> start_or_remove(const StateStore& store, const std::string& id,
                                                     Created& created) {
  const Starting starting{created.state_directory.get(), created.init.pidfd.get(), created.init.pid,
                          created.cgroup ? created.cgroup.get() : -1};
  try {
    auto notify = open_notify_socket(created.state_directory.get());
    start_program(starting, created.record);
    return notify;
  } catch (...) {
    clean_up(store, id, created.state_directory.get());
    throw;
  }
}

/// After the program's end. An engine may have deleted the container already.
void remove_after_end(const StateStore& store, const std::string& id, int directory) {
  try {
    const ContainerLock lock = ContainerLock::take(directory, id, sys::Deadline::patience());
    clean_up(store, id, directory);
  } catch (const Error& error) {
    if (error.kind != ErrorKind::not_found) log::warning(sentence_of(error));
  }
}

int run_in_foreground(Settings& settings, const CreateOptions& options, Preparation& preparation) {
  const StateStore store(settings);
  // Processes that the program leaves behind become our children, so that they are reaped.
  if (!options.no_subreaper) sys::set_child_subreaper();
  const process::HeldSignals signals;
  std::optional<sys::Interruptible> until_it_runs(std::in_place);
  Created created = make_container(settings, options, preparation, Attachment::foreground);
  auto notify = start_or_remove(store, options.id, created);
  until_it_runs.reset();
  created.lock.release();
  const int directory = created.state_directory.get();
  try {
    const int code = process::relay({created.init.pid, created.init.pidfd.get(), signals,
                                     std::move(created.terminal), sys::Deadline::never(), nullptr,
                                     notify ? &*notify : nullptr});
    if (!options.keep) remove_after_end(store, options.id, directory);
    return code;
  } catch (...) {
    // A program that nobody can talk to any more.
    remove_after_end(store, options.id, directory);
    throw;
  }
}

}  // namespace

int run(Settings settings, const CreateOptions& options, std::optional<Bundle> bundle) {
  const Attachment attachment = options.detach ? Attachment::detached : Attachment::foreground;
  Preparation preparation = prepare(settings, options, std::move(bundle), attachment);
  if (!options.detach) return run_in_foreground(settings, options, preparation);
  Created created = make_container(settings, options, preparation, attachment);
  auto notify = start_or_remove(StateStore(settings), options.id, created);
  created.lock.release();
  if (notify) notify->wait_for_ready(created.init.pidfd.get(), created.init.pid);
  return 0;
}

}  // namespace asylum::container
