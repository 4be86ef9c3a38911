// SPDX-License-Identifier: Apache-2.0
// Runs in: main.
#include "runtime/process/attach/notify_socket.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <array>
#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/socket.h"

namespace asylum::process {
namespace {

constexpr std::int64_t kBarrierTimeoutMs = 30'000;
constexpr std::string_view kReady = "READY=";

sys::Fd connect_to_manager(const std::string& manager) {
  const Step step{cat("connect to the service manager at ", quote(manager))};
  return manager.starts_with('@') ? sys::connect_unix_abstract(manager.substr(1), SOCK_DGRAM)
                                  : sys::connect_unix_path(manager, SOCK_DGRAM);
}

sys::Fd bind_inside(int directory) {
  const Step step{"make the container's notification socket"};
  (void)sys::try_remove_at(directory, kNotifySocketName);  // left by a start that failed
  sys::Fd fd = sys::bind_unix(directory, kNotifySocketName, SOCK_DGRAM);
  // Connecting takes write permission, and the program may be any user of the container's. On the
  // host nobody gets this far: the state directory is ours alone.
  if (::fchmodat(directory, kNotifySocketName, 0777, 0) != 0) {
    throw_os("fchmodat", errno, "open the notification socket to the container");
  }
  return fd;
}

}  // namespace

std::string ready_lines(std::string_view notification) {
  std::string out;
  for (const std::string_view line : split(notification, '\n')) {
    if (line.starts_with(kReady)) out += cat(line, "\n");
  }
  return out;
}

NotifySocket::NotifySocket(int directory, const std::string& manager)
    : inside_(bind_inside(directory)), manager_(connect_to_manager(manager)) {}

bool NotifySocket::pass_on(pid_t main_pid) {
  std::array<char, 4096> text;
  // What is longer is cut: whose READY stands behind 4 KiB of other things has not read
  // sd_notify(3).
  const ssize_t length = ::recv(inside_.get(), text.data(), text.size(), MSG_DONTWAIT);
  if (length <= 0) return false;
  const std::string ready = ready_lines({text.data(), static_cast<std::size_t>(length)});
  if (ready.empty()) return false;
  // The container runs whoever listens: a manager that is gone is no reason to end it.
  if (!sys::try_send_message(manager_.get(), ready) ||
      !sys::try_send_message(manager_.get(), cat("MAINPID=", main_pid))) {
    log::warning("the container is ready, but the service manager that waits for it is gone");
  }
  return true;
}

// Source: sd_notify(3), sd_notify_barrier: the manager closes the descriptor when it gets there, so
// that it still finds us when it looks up who sent the message.
void NotifySocket::wait_for_manager() {
  sys::Pipe pipe = sys::make_pipe();
  const int fd = pipe.write_end.get();
  if (!sys::try_send_message(manager_.get(), "BARRIER=1", {&fd, 1})) return;
  pipe.write_end.reset();
  if (sys::wait_for(pipe.read_end.get(), POLLHUP, sys::Deadline::after_ms(kBarrierTimeoutMs))) {
    return;
  }
  log::warning("the service manager has not taken the notification within 30 s");
}

void NotifySocket::wait_for_ready(int pidfd, pid_t main_pid) {
  for (;;) {
    std::array<pollfd, 2> fds{pollfd{inside_.get(), POLLIN, 0}, pollfd{pidfd, POLLIN, 0}};
    sys::wait_for_any(fds, sys::Deadline::never());
    // The socket first: a program may say READY and end.
    if (fds[0].revents != 0) {
      if (pass_on(main_pid)) return wait_for_manager();
    } else if (fds[1].revents != 0) {
      return;
    }
  }
}

}  // namespace asylum::process
