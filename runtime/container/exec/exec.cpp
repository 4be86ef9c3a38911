// SPDX-License-Identifier: Apache-2.0
// The verb exec. No lock is taken: hooks and engines call it while others hold one.
#include "runtime/container/exec/exec.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>

#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/exec/exec_blame.h"
#include "runtime/container/exec/exec_cgroup.h"
#include "runtime/container/exec/exec_process.h"
#include "runtime/container/exec/exec_timeout.h"
#include "runtime/container/host/bundle.h"
#include "runtime/container/host/probe_host.h"
#include "runtime/container/state/existing.h"
#include "runtime/container/state/pid_file.h"
#include "runtime/container/state/state_store.h"
#include "runtime/container/verbs/forget.h"
#include "runtime/container/verbs/terminal.h"
#include "runtime/plan/entering_plan.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/attach/foreground.h"
#include "runtime/process/attach/pidfd_socket.h"
#include "runtime/process/main/explain_death.h"
#include "runtime/process/main/launch.h"
#include "runtime/process/main/open_gate.h"
#include "runtime/seccomp/compile.h"
#include "runtime/sys/file.h"
#include "runtime/sys/interruption.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/process/tuning.h"
#include "spec/read/read.h"

namespace asylum::container {
namespace {

sys::Deadline deadline_of(const ExecOptions& options) {
  constexpr std::int64_t kNsPerMs = 1'000'000;
  if (options.timeout_ns == 0) return sys::Deadline::never();
  return sys::Deadline::after_ms((options.timeout_ns + kNsPerMs - 1) / kNsPerMs);
}

/// One exec in progress.
class Execution {
 public:
  Execution(Settings settings, const ExecOptions& options)
      : options_(options),
        settings_(std::move(settings)),
        store_(settings_),
        deadline_(deadline_of(options)),
        container_(settings_, options.id) {}

  int run() {
    enter();
    make_plan();
    check_terminal(options_.console_socket, plan_.process.terminal, options_.detach);
    if (options_.detach) {
      // A signal that killed us would leave behind a process that the container has stopped.
      const process::HeldSignals signals;
      launch_interruptibly();
      return 0;
    }
    if (options_.timeout_ns == 0) return run_in_foreground();
    bound_by_time();
    try {
      const int code = run_in_foreground();
      timed_->dissolve();
      return code;
    } catch (...) {
      timed_->dissolve();
      throw;
    }
  }

 private:
  void enter();
  void bound_by_time();
  int relay(process::Launched& launched, const process::HeldSignals& signals);
  void make_plan();
  process::Launched launch(process::PipeGate& gate);
  void start(process::PipeGate& gate, process::Launched& launched);
  process::Launched launch_and_start();
  process::Launched launch_interruptibly();
  int run_in_foreground();

  const ExecOptions& options_;
  Settings settings_;
  const StateStore store_;
  const sys::Deadline deadline_;  // --timeout counts from the command's beginning
  Container container_;
  spec::Document document_;           // of the config as it was at create
  sys::Fd init_;                      // pidfd
  sys::Fd cgroup_;                    // directory to be cloned into; none without one
  std::optional<TimedCgroup> timed_;  // --timeout; cgroup_ is then this one
  plan::Plan plan_;
  sys::Fd terminal_;
};

void Execution::enter() {
  const Verb verb = options_.ignore_paused ? Verb::exec_in_paused : Verb::exec;
  container_.require(verb);
  init_ = container_.init_for(verb);
  cgroup_ = open_exec_cgroup(container_.ledger(), options_.cgroup);
}

void Execution::bound_by_time() {
  if (!cgroup_) {
    throw Error(ErrorKind::unsupported, "--timeout: the container has no cgroup")
        .with_hint("without one nobody could find all that the process starts");
  }
  timed_.emplace(cgroup_.get());
  cgroup_ = sys::duplicate(timed_->fd());
}

void Execution::make_plan() {
  document_ = container_.config();
  spec::Spec spec = std::move(spec::read(document_).spec);
  spec.process = process_to_execute(spec, options_);
  container::forget(spec);
  plan::Request request;
  request.id = options_.id;
  request.bundle = container_.record().state.bundle;
  request.detached = options_.detach;
  if (container_.record().keyring) {
    request.keyring = *container_.record().keyring;
    request.no_new_keyring = request.keyring.empty();
  }
  request.preserve_fds = options_.preserve_fds;
  request.listen_fds = options_.listen_fds;
  request.cgroup_manager = container_.record().cgroup_manager;
  plan::Planning planning = plan::plan_exec(spec, probe_host(spec), request);
  settle_findings(std::move(planning.findings), document_);
  plan_ = std::move(planning.plan);
}

process::Launched Execution::launch(process::PipeGate& gate) {
  process::Duties duties;
  duties.compile_filter = [this] {
    const sys::Fd root = store_.open_or_make_root();
    return seccomp::filter_program(*plan_.seccomp, root.get());
  };
  duties.take_console = [this](sys::Fd master) { terminal_ = std::move(master); };
  duties.forget = [this] {
    container::forget(document_);
    container::forget(plan_);
    container::forget(container_.record());
    container::forget(settings_);
  };
  // Source: runtime-spec config.md#linux-process, execCPUAffinity: `initial` until the process is
  // in its cgroup.
  if (!plan_.process.exec_affinity_initial.empty()) {
    sys::set_affinity(plan_.process.exec_affinity_initial);
  }
  process::Launched launched = process::launch(
      {plan_, cgroup_ ? cgroup_.get() : -1, gate.ends,
       process::Entrance{container_.init_pid(), init_.get()},
       [this](pid_t pid) { return is_frozen(container_.ledger(), pid); }, deadline_},
      duties);
  gate.ends = {};
  return launched;
}

void Execution::start(process::PipeGate& gate, process::Launched& launched) {
  if (!options_.pid_file.empty()) write_pid_file(absolute_path(options_.pid_file), launched.pid);
  if (terminal_ && options_.detach) {
    send_terminal(options_.console_socket, std::move(terminal_));
  }
  process::send_pidfd(options_.pidfd_socket, launched.pidfd.get(), "setns");
  process::commit(launched);
  process::open_gate(gate, launched.pidfd.get(), launched.pid, cgroup_ ? cgroup_.get() : -1,
                     [this] { return plan_.seccomp; });
}

// A container that ends while it is being entered shows as a dozen different failures (ESRCH of
// setns, ENOMEM of a clone into its pid namespace, a killed child): there is one sentence for all
// of them, and engines know its beginning.
process::Launched Execution::launch_and_start() {
  try {
    process::PipeGate gate = process::make_pipe_gate();
    process::Launched launched = launch(gate);
    start(gate, launched);
    return launched;
  } catch (const Error&) {
    if (!process::is_ending(container_.init_pid(), init_.get())) throw;
    throw Error(ErrorKind::wrong_state,
                "container not running: it ended while the process was being started");
  }
}

// Until the program runs, a signal is for us.
process::Launched Execution::launch_interruptibly() {
  const sys::Interruptible here;
  return launch_and_start();
}

int Execution::run_in_foreground() {
  if (!options_.no_subreaper) sys::set_child_subreaper();
  const process::HeldSignals signals;
  process::Launched launched = launch_interruptibly();
  return relay(launched, signals);
}

int Execution::relay(process::Launched& launched, const process::HeldSignals& signals) {
  process::RelayRequest request{launched.pid, launched.pidfd.get(), signals, std::move(terminal_)};
  bool passed = false, escaped = false;
  if (timed_) {
    request.deadline = deadline_;
    request.at_deadline = [&] {
      passed = true;
      escaped = !timed_->has(launched.pid) &&
                !sys::wait_for(launched.pidfd.get(), POLLIN, sys::Deadline::after_ms(0));
      // By its descriptor too: its cgroup's death is not its own when it has left that.
      static_cast<void>(sys::try_send_signal(launched.pidfd.get(), SIGKILL));
      timed_->kill();
    };
  }
  const int code = process::relay(std::move(request));
  if (!passed) return code;
  if (escaped) {
    throw Error(ErrorKind::timed_out,
                cat("the process has run longer than ", options_.timeout_ns / 1'000'000,
                    " ms and was killed; it had left its cgroup, so what it had started may still "
                    "run in the container"))
        .with_hint("a container that must not do that has its cgroup mount read-only");
  }
  throw Error(ErrorKind::timed_out,
              cat("the process has run longer than ", options_.timeout_ns / 1'000'000,
                  " ms and was killed, with all that it had started"));
}

}  // namespace

int exec(Settings settings, const ExecOptions& options) {
  try {
    const Step step{cat("exec in container ", options.id)};
    return Execution(std::move(settings), options).run();
  } catch (Error& error) {
    blame_source(error, options);
    throw;
  }
}

}  // namespace asylum::container
