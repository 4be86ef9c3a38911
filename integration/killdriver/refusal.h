// SPDX-License-Identifier: Apache-2.0
// Runs `create` under ptrace and lets one system call of init fail that would have succeeded.
#pragma once

#include <string>
#include <vector>

#include "integration/killdriver/steps.h"

namespace killdriver {

/// A system call of init, and how many steps had ended before it.
struct Place {
  long call = 0;  // from 1, counted from when init has its name
  long number = -1;
  std::size_t step = 0;
};

/// An undisturbed life of init up to its gate.
struct Walk {
  int code = -1;
  std::vector<Place> places;
  std::vector<const Row*> steps;  // those that ran, in their order
};

struct Refusal {
  bool happened = false;
  std::size_t step = 0;  // how many steps had ended before it
  int code = -1;         // of the command
};

/// Both need `argv` to have --debug: then init tells main of each step that has ended.
Walk walk(const std::vector<Row>& rows, const std::vector<std::string>& argv,
          const std::string& output);
Refusal run_and_refuse(const std::vector<Row>& rows, const std::vector<std::string>& argv,
                       const std::string& output, long call, int error_number);

/// Whether a refusal of this call tells nothing about the step: memory, and what carries the words.
bool is_beside_the_point(long number);

}  // namespace killdriver
