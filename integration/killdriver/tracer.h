// SPDX-License-Identifier: Apache-2.0
// Runs a command under ptrace and kills it, or a process it made, on entry of its Nth system call.
#pragma once

#include <string>
#include <vector>

namespace killdriver {

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
