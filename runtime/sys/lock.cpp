// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/lock.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/error.h"

namespace asylum::sys {
namespace {

struct ::flock whole_file(short type) {
  struct ::flock request {};
  request.l_type = type;
  request.l_whence = SEEK_SET;
  return request;
}

void wake_up(int) {}

itimerval timer_of(int milliseconds) {
  // It repeats: a signal that comes just before fcntl sleeps would be lost otherwise.
  constexpr int kRepeat_ms = 50;
  const int first = milliseconds > 0 ? milliseconds : 1;
  itimerval timer{};
  timer.it_value = {first / 1000, static_cast<suseconds_t>(first % 1000) * 1000};
  timer.it_interval = {0, kRepeat_ms * 1000};
  return timer;
}

// SIGALRM interrupts us while this lives. The kernel's state is put back by restore().
class Alarm {
 public:
  explicit Alarm(const Deadline& deadline) {
    struct ::sigaction action {};
    action.sa_handler = wake_up;  // without SA_RESTART
    ::sigaction(SIGALRM, &action, &old_action_);
    sigset_t only;
    ::sigemptyset(&only);
    ::sigaddset(&only, SIGALRM);
    ::sigprocmask(SIG_UNBLOCK, &only, &old_mask_);
    const itimerval timer = timer_of(deadline.remaining_ms());
    ::setitimer(ITIMER_REAL, &timer, nullptr);
  }
  void restore() {
    const itimerval off{};
    ::setitimer(ITIMER_REAL, &off, nullptr);
    ::sigprocmask(SIG_SETMASK, &old_mask_, nullptr);
    ::sigaction(SIGALRM, &old_action_, nullptr);
  }

 private:
  struct ::sigaction old_action_ {};
  sigset_t old_mask_{};
};

}  // namespace

bool try_lock(int fd) {
  struct ::flock request = whole_file(F_WRLCK);
  if (::fcntl(fd, F_SETLK, &request) == 0) return true;
  if (errno == EAGAIN || errno == EACCES) return false;
  throw_os("fcntl", errno, "take the lock");
}

bool lock_until(int fd, const Deadline& deadline) {
  if (try_lock(fd)) return true;
  const bool limited = deadline.remaining_ms() >= 0;
  std::optional<Alarm> alarm;
  if (limited) alarm.emplace(deadline);
  struct ::flock request = whole_file(F_WRLCK);
  int failed = 0;
  do {
    failed = ::fcntl(fd, F_SETLKW, &request) == 0 ? 0 : errno;
  } while (failed == EINTR && !deadline.passed());
  if (alarm) alarm->restore();
  if (failed == EINTR) return false;
  if (failed != 0) throw_os("fcntl", failed, "wait for the lock");
  return true;
}

std::optional<pid_t> lock_holder(int fd) {
  struct ::flock request = whole_file(F_WRLCK);
  if (::fcntl(fd, F_GETLK, &request) != 0) throw_os("fcntl", errno, "ask who holds the lock");
  if (request.l_type == F_UNLCK) return std::nullopt;
  return request.l_pid > 0 ? request.l_pid : 0;
}

}  // namespace asylum::sys
