// SPDX-License-Identifier: Apache-2.0
// The driver of the mode `refuse`: walks the steps of init, or of exec's two processes, and lets
// calls within each fail.
#pragma once

#include <string>

#include "integration/killdriver/world.h"

namespace killdriver {

struct RefusingOptions {
  std::string program;
  std::string steps;     // file, see steps.h
  std::string process;   // file with the process of an exec; "" = create
  bool whole = false;    // every call; else in each step those up to the first that is blamed
  bool console = false;  // give the command a console socket
};

/// 0 = all good.
int refuse_calls(const World& world, const RefusingOptions& options);

}  // namespace killdriver
