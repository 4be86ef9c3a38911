// SPDX-License-Identifier: Apache-2.0
// The verb start, and what run shares with it: the gate opens, poststart hooks run.
#pragma once

#include <sys/types.h>

#include <string>

#include "runtime/container/state/record.h"
#include "runtime/container/state/settings.h"

namespace asylum::container {

void start(const Settings& settings, const std::string& id);

/// Init at the gate.
struct Starting {
  int state_directory = -1;
  int pidfd = -1;
  pid_t pid = -1;
  int cgroup = -1;  // its directory, or -1
};

/// Returns when the program executes and its poststart hooks have run. If one of those fails the
/// container is killed and the failure thrown (runtime-spec runtime.md#lifecycle, 9).
void start_program(const Starting& starting, const Record& record);

}  // namespace asylum::container
