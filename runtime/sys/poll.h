// SPDX-License-Identifier: Apache-2.0
// Waiting for descriptors with a deadline. Never a sleep loop.
#pragma once

#include <poll.h>

#include <cstdint>
#include <span>

namespace asylum::sys {

/// A moment of CLOCK_MONOTONIC, or never.
class Deadline {
 public:
  static Deadline never() { return Deadline(-1); }
  static Deadline after_ms(std::int64_t milliseconds);
  /// 10 s from now: for what is bound to come, the death of what was killed, the end of another
  /// command. Who waits longer is told of it.
  static Deadline patience() { return after_ms(10'000); }
  /// The earlier of this and a moment from now.
  Deadline or_after_ms(std::int64_t milliseconds) const;
  /// 0 when passed, -1 for never, rounded up: what poll(2) takes.
  int remaining_ms() const;
  bool passed() const { return remaining_ms() == 0; }

 private:
  explicit Deadline(std::int64_t at_ns) : at_ns_(at_ns) {}
  std::int64_t at_ns_;
};

/// poll(2) until something happens; how many have revents, 0 at the deadline. EINTR is not an end.
/// Throws; an Interruption where the command is interruptible (interruption.h).
int wait_for_any(std::span<pollfd> fds, const Deadline& deadline);
/// Until `fd` has one of `events` (POLLIN; for a pidfd: its process ended; POLLPRI: cgroup.events
/// changed), hang-up or error. false at the deadline. Throws.
bool wait_for(int fd, short events, const Deadline& deadline);

}  // namespace asylum::sys
