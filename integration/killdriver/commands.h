// SPDX-License-Identifier: Apache-2.0
// What the drivers ask of the program, and how they say what came of it.
#pragma once

#include <string>
#include <vector>

#include "integration/killdriver/world.h"

namespace killdriver {

/// Everything after a "; " is empty when all was well.
class Commands {
 public:
  /// `globals` and `options` are added to create's command line.
  Commands(const World& world, std::string program, std::vector<std::string> globals = {},
           std::vector<std::string> options = {});

  std::vector<std::string> create() const;
  /// A process of this file, in the container that runs; with create's options.
  std::vector<std::string> exec(const std::string& process_file) const;
  /// The container, running; what went wrong, or "".
  std::string create_and_start() const;
  /// What went wrong, or "".
  std::string remove_by_force() const;
  /// create and delete --force; what went wrong, or "".
  std::string once_more() const;

 private:
  std::vector<std::string> command(const std::vector<std::string>& rest) const;
  std::string run_well(const std::vector<std::string>& argv) const;

  const World& world_;
  std::string program_;
  std::vector<std::string> globals_, options_;
};

std::string first_line(const std::string& text);

/// TAP on stdout.
class Tap {
 public:
  /// A test, that failed if there was a problem.
  void report(const std::string& name, const std::string& problem);
  bool is_too_much() const { return failures_ > 20; }
  /// The plan; 0 = all good, else 1.
  int close() const;

 private:
  int tests_ = 0, failures_ = 0;
};

}  // namespace killdriver
