// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/poll.h"

#include <time.h>

#include <algorithm>
#include <cerrno>
#include <limits>

#include "runtime/base/error.h"

namespace asylum::sys {
namespace {

constexpr std::int64_t kNanosecondsPerMillisecond = 1'000'000;

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::int64_t>(now.tv_sec) * 1'000'000'000 + now.tv_nsec;
}

}  // namespace

Deadline Deadline::after_ms(std::int64_t milliseconds) {
  return Deadline(now_ns() + std::max<std::int64_t>(0, milliseconds) * kNanosecondsPerMillisecond);
}

int Deadline::remaining_ms() const {
  if (at_ns_ < 0) return -1;
  const std::int64_t left_ns = std::max<std::int64_t>(0, at_ns_ - now_ns());
  const std::int64_t left_ms =
      (left_ns + kNanosecondsPerMillisecond - 1) / kNanosecondsPerMillisecond;
  return static_cast<int>(std::min<std::int64_t>(left_ms, std::numeric_limits<int>::max()));
}

int wait_for_any(std::span<pollfd> fds, const Deadline& deadline) {
  while (true) {
    const int ready = ::poll(fds.data(), fds.size(), deadline.remaining_ms());
    if (ready >= 0) return ready;
    if (errno != EINTR) throw_os("poll", errno, "wait for descriptors");
    if (deadline.passed()) return 0;
  }
}

bool wait_for(int fd, short events, const Deadline& deadline) {
  pollfd one{fd, events, 0};
  return wait_for_any({&one, 1}, deadline) > 0;
}

}  // namespace asylum::sys
