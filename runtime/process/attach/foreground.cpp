// SPDX-License-Identifier: Apache-2.0
// Runs in: main.
#include "runtime/process/attach/foreground.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/process/attach/terminal_copy.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/signals.h"

namespace asylum::process {
namespace {

// After the program's end its terminal is read to the end. Something it left behind may hold the
// other side open for ever, so that a silence of this length counts as the end too.
constexpr std::int64_t kSilenceMs = 50;

class Relay {
 public:
  Relay(const RelayRequest& request, TerminalCopy* copy)
      : request_(request), copy_(copy), deadline_(request.deadline) {}

  int run() {
    while (!result_) wait_once();
    if (copy_ != nullptr) copy_->drain(kSilenceMs);
    return result_->exited ? result_->code : 128 + result_->signal;
  }

 private:
  void wait_once() {
    const int notify = request_.notify != nullptr ? request_.notify->fd() : -1;
    std::array<pollfd, 6> fds{pollfd{request_.signals.fd(), POLLIN, 0},
                              pollfd{request_.pidfd, POLLIN, 0},
                              pollfd{notify, POLLIN, 0},
                              pollfd{-1, 0, 0},
                              pollfd{-1, 0, 0},
                              pollfd{-1, 0, 0}};
    const auto copied = std::span(fds).subspan<3>();
    if (copy_ != nullptr) copy_->want(copied);
    if (sys::wait_for_any(fds, deadline_) == 0) return pass_deadline();
    if (fds[0].revents != 0) take_signals();
    if (fds[2].revents != 0) request_.notify->pass_on(::getpid());
    if (fds[1].revents != 0) reap();
    if (copy_ != nullptr) copy_->move(copied);
  }

  void pass_deadline() {
    deadline_ = sys::Deadline::never();
    if (request_.at_deadline) request_.at_deadline();
  }

  void take_signals() {
    while (const auto info = sys::read_signal(request_.signals.fd())) {
      switch (info->signal) {
        case SIGCHLD:
          reap();
          break;
        case SIGPIPE:
          break;  // our own stdout's business
        case SIGWINCH:
          if (copy_ != nullptr) copy_->resize();
          break;
        case SIGTSTP:
          stop();
          break;
        case SIGCONT:
          go_on();
          break;
        default:
          forward(info->signal);
      }
    }
  }

  void forward(int signal) {
    (void)sys::try_send_signal(request_.pidfd,
                               signal);  // if it has just ended, the pidfd says so next
  }

  // As a shell expects of a job; the terminal is the shell's meanwhile.
  void stop() {
    forward(SIGTSTP);
    if (copy_ != nullptr) copy_->leave_terminal();
    ::kill(::getpid(), SIGSTOP);
    go_on();
  }

  void go_on() {
    forward(SIGCONT);
    if (copy_ != nullptr) copy_->take_terminal();
  }

  // As child subreaper we get what the container's processes leave behind as well.
  void reap() {
    while (const auto ended = sys::reap_any()) {
      if (ended->pid == request_.pid) result_ = ended;
    }
  }

  const RelayRequest& request_;
  TerminalCopy* copy_;
  sys::Deadline deadline_;
  std::optional<sys::WaitResult> result_;
};

}  // namespace

HeldSignals::HeldSignals() {
  sys::block_all_signals();
  sigset_t all;
  ::sigfillset(&all);
  fd_ = sys::make_signalfd(all);
}

int relay(RelayRequest request) {
  if (!request.master) return Relay(request, nullptr).run();
  TerminalCopy copy(std::move(request.master));
  copy.take_terminal();
  try {
    const int code = Relay(request, &copy).run();
    copy.leave_terminal();
    return code;
  } catch (...) {
    copy.leave_terminal();
    throw;
  }
}

}  // namespace asylum::process
