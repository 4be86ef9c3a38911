// SPDX-License-Identifier: Apache-2.0
// An owned file descriptor. A parameter that is only used, not kept, is a plain `int fd`.
#pragma once

#include <utility>

namespace asylum::sys {

/// Owns one descriptor, or none (-1). Closes it and does nothing else, so that a copy of the
/// parent's objects in a cloned child is harmless.
class Fd {
 public:
  Fd() = default;
  explicit Fd(int fd) : fd_(fd) {}
  Fd(Fd&& other) noexcept : fd_(other.release()) {}
  Fd& operator=(Fd&& other) noexcept {
    if (this != &other) reset(other.release());
    return *this;
  }
  Fd(const Fd&) = delete;
  Fd& operator=(const Fd&) = delete;
  ~Fd() { reset(); }

  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }
  /// Gives the descriptor away; the caller closes it.
  [[nodiscard]] int release() { return std::exchange(fd_, -1); }
  /// Closes what is held and takes `fd` over.
  void reset(int fd = -1);
  /// A second descriptor of the same open file, close-on-exec. Throws.
  Fd dup() const;

 private:
  int fd_ = -1;
};

/// A close-on-exec duplicate of a descriptor that somebody else owns, at `lowest` or above. Throws.
Fd duplicate(int fd, int lowest = 0);

/// Makes `target` the same open file as `fd`, without close-on-exec (standard streams, LISTEN_FDS).
/// Throws.
void duplicate_to(int fd, int target);

void set_close_on_exec(int fd, bool on);
void set_nonblocking(int fd, bool on);

}  // namespace asylum::sys
