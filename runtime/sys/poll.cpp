// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/poll.h"

#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>

#include "runtime/base/error.h"
#include "runtime/sys/interruption.h"

namespace asylum::sys {
namespace {

constexpr std::int64_t kNanosecondsPerMillisecond = 1'000'000;

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

// The largest set that is waited for before a program runs: a hook's output, errors and end.
constexpr std::size_t kMostWithInterruption = 7;

int poll_until(std::span<pollfd> fds, const Deadline& deadline) {
  while (true) {
    const int ready = ::poll(fds.data(), fds.size(), deadline.remaining_ms());
    if (ready >= 0) return ready;
    if (errno != EINTR) throw_os("poll", errno, "wait for descriptors");
    if (deadline.passed()) return 0;
  }
}

}  // namespace

Deadline Deadline::after_ms(std::int64_t milliseconds) {
  return Deadline(now_ns() + std::max<std::int64_t>(0, milliseconds) * kNanosecondsPerMillisecond);
}

Deadline Deadline::or_after_ms(std::int64_t milliseconds) const {
  const Deadline other = after_ms(milliseconds);
  return at_ns_ >= 0 && at_ns_ < other.at_ns_ ? *this : other;
}

int Deadline::remaining_ms() const {
  if (at_ns_ < 0) return -1;
  const std::int64_t left_ns = std::max<std::int64_t>(0, at_ns_ - now_ns());
  const std::int64_t left_ms =
      (left_ns + kNanosecondsPerMillisecond - 1) / kNanosecondsPerMillisecond;
  return static_cast<int>(std::min<std::int64_t>(left_ms, std::numeric_limits<int>::max()));
}

int wait_for_any(std::span<pollfd> fds, const Deadline& deadline) {
  while (interruption_fd() >= 0) {
    if (fds.size() > kMostWithInterruption) {
      throw Error(ErrorKind::internal, "too many descriptors are waited for");
    }
    std::array<pollfd, kMostWithInterruption + 1> all{};
    all[0] = {interruption_fd(), POLLIN, 0};
    std::copy(fds.begin(), fds.end(), all.begin() + 1);
    const int ready = poll_until({all.data(), fds.size() + 1}, deadline);
    std::copy_n(all.begin() + 1, fds.size(), fds.begin());
    if (all[0].revents == 0) return ready;
    take_interruption();
  }
  return poll_until(fds, deadline);
}

bool wait_for(int fd, short events, const Deadline& deadline) {
  pollfd one{fd, events, 0};
  return wait_for_any({&one, 1}, deadline) > 0;
}

}  // namespace asylum::sys
