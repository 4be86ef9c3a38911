// SPDX-License-Identifier: Apache-2.0
// Runs `create` or `exec` under ptrace and lets one system call fail that would have succeeded: of
// init, or of the bridge or its child.
#pragma once

#include <string>
#include <vector>

#include "integration/killdriver/steps.h"

namespace killdriver {

/// A system call. Which one it is is said within its step, where the calls are the same each time:
/// how many there are in all changes with what else happens meanwhile.
struct Place {
  int life = 0;          // 0: init or the bridge; 1: the bridge's child, which tells of no step
  std::size_t step = 0;  // how many steps had ended before it
  long number = -1;
  long nth = 0;  // of this number within the step, from 1
  friend bool operator==(const Place&, const Place&) = default;
};

/// An undisturbed life up to the gate.
struct Walk {
  int code = -1;
  std::vector<Place> places;
  std::vector<const Row*> steps;  // those that ran, in their order
};

struct Refusal {
  bool happened = false;
  int code = -1;  // of the command
};

/// What both need: `argv` with --debug, so that each step that has ended is told to main; `lives`
/// is 2 of an exec.
struct Subject {
  const std::vector<Row>& rows;
  std::vector<std::string> argv;
  std::string output;
  int lives = 1;
};

Walk walk(const Subject& subject);
Refusal run_and_refuse(const Subject& subject, const Place& place, int error_number);

/// What no kernel refuses, and nobody could go on without: the descriptor is closed whatever close
/// answers, glibc aborts where futex fails, an end that is refused would not be one.
bool has_to_happen(long number);
/// Whether a refusal of this call tells nothing about the step: memory, and what carries the words.
bool is_beside_the_point(long number);

}  // namespace killdriver
