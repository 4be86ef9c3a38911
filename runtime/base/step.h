// SPDX-License-Identifier: Apache-2.0
// What we are doing now, as a scope: an Error born inside carries it, the debug log shows it with
// its time.
#pragma once

#include <cstdint>
#include <string>

namespace asylum {

class Error;

/// Lives on the stack, innermost last. The text is an imperative: Step step{"mount tmpfs on
/// /dev/shm", pointer}; Single-threaded by the rules of the clone (design: no threads before
/// execve).
class Step {
 public:
  explicit Step(std::string text, std::string pointer = {});
  ~Step();
  Step(const Step&) = delete;
  Step& operator=(const Step&) = delete;

  /// Fills doing, context and (where the error has none) pointer from the open scopes.
  static void describe_open_steps(Error& error);
  /// For an Error that another process sent: our open scopes become its outer context, around what
  /// the sender was doing. Not its pointer: the sender knows what it is about.
  static void enclose(Error& error);
  /// The first act of a clone: what its parent is doing is not what the clone does. Its own errors
  /// carry neither; whoever receives them encloses them.
  static void begin_anew();

 private:
  std::string text_;
  std::string pointer_;
  Step* outer_;
  std::uint64_t began_ns_ = 0;  // CLOCK_MONOTONIC; only read when the debug log is on
};

}  // namespace asylum
