// SPDX-License-Identifier: Apache-2.0
// Runs the hooks of one lifecycle stage: the state document on stdin, environment, timeout,
// captured stderr.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/oci_words.h"
#include "runtime/plan/types/hooks.h"

namespace asylum::hooks {

/// What differs between the stages' callers.
struct HookRun {
  HookStage stage{};
  const std::vector<plan::Hook>& hooks;
  std::string state;  // what stdin gets
  const std::vector<std::string>* default_env =
      nullptr;                              // for hooks without env; null = our own environment
  std::function<void(pid_t)> started = {};  // for the journal; may be empty
};

/// Runs them in order; the first failure throws. The Error names stage, index, path, exit code or
/// signal or timeout, and the tail of stderr; its pointer is the hook's. A hook past its timeout is
/// killed with its process group. Children get PR_SET_PDEATHSIG. Runs in: main (host hooks), init
/// (createContainer, startContainer), delete (poststop).
void run_hooks(const HookRun& run);

}  // namespace asylum::hooks
