// SPDX-License-Identifier: Apache-2.0
// Init's last acts: the program is found, signals and descriptors are as it expects them, main says
// that the container exists, `start` opens the gate, execve.
// Runs in: init, after pivot_root, as the container's user.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <exception>
#include <string>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/plan/types/process.h"
#include "runtime/process/both/filter_blame.h"
#include "runtime/process/init/environment.h"
#include "runtime/process/init/exec_program.h"
#include "runtime/process/init/gate_end.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/argument_area.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/signals.h"

namespace asylum::process {
namespace {

/// Closes first..last, an empty range included.
void close_between(int first, int last) {
  if (first > last) return;
  if (::close_range(static_cast<unsigned>(first), static_cast<unsigned>(last), 0) != 0) {
    throw_os("close_range", errno, "close what is not the program's");
  }
}

/// Only async-signal-safe work and what the container's filter must allow anyway. Returns if execve
/// does.
Error execute(const InitContext& context, const std::vector<char*>& argv,
              const std::vector<char*>& envp, std::string_view answer) {
  answer_executing(context.gate, answer);
  ::execve(context.program.c_str(), argv.data(), envp.data());
  const int error_number = errno;
  if (context.filter_loaded) {
    // Before any look at the file: the filter may kill for it.
    Error error = exec_failure(context.program, error_number);
    if (blame_filter(error, *context.plan.seccomp)) return error;
  }
  return explain_exec_failure(context.program, error_number);
}

Error wait_and_execute(InitContext& context) {
  // Before the wait: nothing is to be asked of the allocator at the last moment.
  const std::vector<char*> argv = sys::to_exec_array(context.process.args);
  const std::vector<char*> envp = sys::to_exec_array(context.environment);
  const std::string answer = executing_answer(context.program);
  wait_for_go(context.gate);
  run_start_container_hooks(context);
  return execute(context, argv, envp, answer);
}

}  // namespace

// execve keeps the pid, which is 1 only in a pid namespace of our own. Source: sd_listen_fds(3).
void set_listen_pid(InitContext& context) {
  const pid_t pid = context.own_pid != 0 ? context.own_pid : ::getpid();
  context.environment.push_back(cat("LISTEN_PID=", pid));
}

void locate_program(InitContext& context) {
  const std::vector<std::string>& args = context.process.args;
  if (args.empty()) throw Error(ErrorKind::invalid_config, "no program to execute").at("/process");
  context.program = find_program(args.front(), context.environment);
}

void reset_signals(InitContext&) {
  sys::reset_signal_dispositions();
  die_of_signals_at_gate();
  sys::clear_signal_mask();
}

void close_descriptors(InitContext& context) {
  // By their owners first, so that no object is left with a number that is somebody else's.
  context.rootfs.replace_root(sys::Fd());
  context.procfs.reset();
  context.dev_null.reset();
  context.host_null.reset();
  // The preserved ones came without close-on-exec and none of ours is without it. It is never
  // cleared here: a number that is ours after all must not outlive execve (CVE-2024-21626).
  const int preserved_end = 3 + static_cast<int>(context.process.preserved_fds);
  std::array<int, 3> kept = {context.gate.go.get(), context.gate.answer.get(),
                             context.channel.descriptor()};
  std::sort(kept.begin(), kept.end());
  int first = preserved_end;
  for (const int fd : kept) {
    close_between(first, fd - 1);
    first = std::max(first, fd + 1);
  }
  if (::close_range(static_cast<unsigned>(first), ~0U, 0) != 0) {
    throw_os("close_range", errno, "close what is not the program's");
  }
}

void wipe_environment(InitContext&) {
  sys::wipe_environment_area();
}

void untie_from_main(InitContext&) {
  // From here to `committed` we do nothing but wait on the channel, where main's death is end of
  // file; a filter may refuse prctl.
  sys::set_parent_death_signal(0);
}

void report_ready(InitContext& context) {
  context.channel.ready();
  // Main reads nothing more of us, and a filter may allow write(2) alone.
  log::relay_to([](log::Level, std::string_view, std::string_view) {});
}

void await_commit(InitContext& context) {
  context.channel.expect_commit();
  // A filter may refuse close; then it stays till execve, with nobody at the other end.
  if (!context.plan.seccomp) context.channel.close();
}

void pass_gate(InitContext& context) noexcept {
  try {
    Step step{"start the program"};
    answer_error(context.gate, wait_and_execute(context));
  } catch (Error& error) {
    if (context.filter_loaded) blame_filter(error, *context.plan.seccomp);
    answer_error(context.gate, error);
  } catch (const std::exception& error) {
    answer_error(context.gate, Error(ErrorKind::internal, error.what()));
  }
  sys::exit_now(1);
}

}  // namespace asylum::process
