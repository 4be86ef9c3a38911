// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/undo.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <optional>

#include "hooks/run_hooks.h"
#include "hooks/state_document.h"
#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/report.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/driver.h"
#include "runtime/container/state/status.h"
#include "runtime/plan/types/hooks.h"
#include "runtime/process/both/start_gate.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/own_file.h"
#include "runtime/sys/process/process.h"

namespace asylum::container {
namespace {

/// Ends a process of ours and, if it is our child, reaps it. `what`: "init".
void end_process(const ProcessIdentity& identity, const char* what, const sys::Deadline& deadline) {
  const auto pidfd = try_open_process(identity);
  if (!pidfd) return;
  Step step{cat("kill ", what, " (pid ", identity.pid, ")")};
  const int refused = sys::try_send_signal(pidfd->get(), SIGKILL);
  if (refused != 0 && refused != ESRCH) throw_os("pidfd_send_signal", refused, "send SIGKILL");
  if (!sys::wait_for(pidfd->get(), POLLIN, deadline)) {
    throw Error(ErrorKind::os, "container init still running");
  }
  try {
    static_cast<void>(sys::wait_pidfd(pidfd->get(), WNOHANG));
  } catch (const Error& error) {
    if (error.err != ECHILD) throw;  // its parent is another, who reaps it
  }
}

/// A create that was killed between clone and journal: its init ends by itself, as it meets the end
/// of its channel. It holds the gate's FIFO until then.
void wait_for_unrecorded_init(int state_directory, const sys::Deadline& deadline) {
  constexpr int kFlags = O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC;
  const sys::Fd answer(::openat(state_directory, process::kAnswerName, kFlags));
  if (!answer && sys::is_shortage(errno)) throw_os("openat", errno, "open the start gate");
  // Nobody holds what is no gate of ours.
  if (!answer || !S_ISFIFO(sys::status_of(answer.get()).st_mode)) return;
  char byte = 0;
  // 0: nobody has it open for writing. EAGAIN: somebody has.
  while (::read(answer.get(), &byte, 1) != 0) {
    if (!sys::wait_for(answer.get(), POLLIN, deadline)) {
      throw Error(ErrorKind::os, "init of a killed create is still running");
    }
  }
}

void remove_cgroup(const cgroup::Place& place, const sys::Deadline& deadline) {
  // The path may name a parent only, when create was killed before the leaf's intent.
  if (place.directory.path.empty()) return;
  cgroup::make_driver(place.manager)->remove(place, deadline);
}

void remove_pid_file(const PidFile& pid_file) {
  const std::size_t slash = pid_file.path.rfind('/');
  const std::string directory = slash == 0 ? "/" : pid_file.path.substr(0, slash);
  const auto parent = sys::try_open_at(AT_FDCWD, directory, O_PATH | O_DIRECTORY);
  if (!parent) return;
  // Its name is random and so can only be ours.
  static_cast<void>(sys::try_remove_at(parent->get(), pid_file.temporary));
  if (!pid_file.made) return;
  const std::string name = pid_file.path.substr(slash + 1);
  if (sys::try_identity_at(parent->get(), name) == pid_file.made) {
    static_cast<void>(sys::try_remove_at(parent->get(), name));
  }
}

}  // namespace

void undo_effects(int state_directory, const Ledger& ledger, const sys::Deadline& deadline) {
  for (const std::string& type : ledger.unknown) {
    log::warning(cat("the journal has a record of a later version (", quote(type),
                     "): what it stands for is not undone"));
  }
  if (ledger.is_of_this_boot) {
    for (const ProcessIdentity& helper : ledger.helpers) end_process(helper, "a hook", deadline);
    // Before what it may still make.
    if (ledger.builder) end_process(*ledger.builder, "the builder", deadline);
    if (ledger.init) {
      end_process(*ledger.init, "init", deadline);
    }
    if (ledger.cgroup) remove_cgroup(*ledger.cgroup, deadline);
    if (ledger.process_intended && !ledger.init) {
      wait_for_unrecorded_init(state_directory, deadline);
    }
    if (ledger.root) process::detach_root(*ledger.root);
  }
  if (ledger.pid_file && !ledger.committed) remove_pid_file(*ledger.pid_file);
}

void run_poststop_hooks(const Record& record) noexcept {
  // Each by itself: one that fails must not keep the others from cleaning up.
  for (const plan::Hook& hook : record.poststop) {
    try {
      const std::vector<plan::Hook> one{hook};
      hooks::run_hooks(
          {HookStage::poststop, one, hooks::state_document(record.state, 0, "stopped"), nullptr});
    } catch (const Error& error) {
      log::warning(sentence_of(error));
    } catch (const std::exception& error) {
      log::warning(error.what());
    }
  }
}

}  // namespace asylum::container
