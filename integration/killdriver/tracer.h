// SPDX-License-Identifier: Apache-2.0
// Runs a command under ptrace, from system call to system call, and all that it clones if wanted.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace killdriver {

/// A system call on its way into the kernel.
struct Call {
  long number = -1;
  std::uint64_t arguments[6] = {};
};

class Tracer {
 public:
  virtual ~Tracer() = default;
  /// Until the command has ended and nothing more is wanted. Its code: 0 to 255, 128+signal, or -1
  /// if it hung. What it cloned may live on, traced: run() of world.h lets go of it.
  int follow(const std::vector<std::string>& argv, const std::string& output, bool with_children);

 protected:
  virtual void enters(pid_t pid, const Call& call) = 0;
  virtual void leaves(pid_t) {}
  /// Whether to go on after the command has ended, as long as something happens.
  virtual bool wants_more() const { return false; }
  pid_t command() const { return command_; }

 private:
  void ended(pid_t pid, int status);
  void stopped(pid_t pid, int status);
  void at_call(pid_t pid);

  pid_t command_ = -1;
  bool with_children_ = false;
  bool alive_ = true;
  int code_ = -1;
  std::set<pid_t> known_;
};

enum class Victim { main, init, both };

struct Outcome {
  bool killed = false;      // false: the command ended before its Nth call
  std::string system_call;  // the number of the call it died at
  int code = -1;            // of the command: 0 to 255, 128+signal, -1 if it hung
};

/// Kills at the `at`-th (from 1) system call entry: of the command itself (main), or of anything it
/// cloned (init: only that process dies; both: the command dies with it). The killed call itself is
/// not executed.
Outcome run_and_kill(const std::vector<std::string>& argv, const std::string& output, Victim victim,
                     long at);

}  // namespace killdriver
