// SPDX-License-Identifier: Apache-2.0
// Which of init's own system calls the container's filter answered, and by which rule. Only ever
// asked when something has failed.
// Runs in: main, start, exec; blame_filter() in init.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/plan/types/seccomp.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {

/// How far init was when it fell silent.
enum class FilterStage : std::uint8_t {
  set_up,                 // without no_new_privs: a capability is given up after the filter
  set_up_without_capset,  // with it
  gate,                   // from `ready` to `executing`
  execve,
};

struct FilterBlame {
  std::string_view call;
  std::string answer;   // "kills", "refuses (EPERM)"
  std::string pointer;  // of the rule or of defaultAction
};

/// Init makes its calls in a fixed order, so the first that the filter forbids is the one. Nothing
/// if the death has another cause or the profile allows them all. Pure.
std::optional<FilterBlame> blame_for_death(const plan::Seccomp& seccomp, FilterStage stage,
                                           const sys::WaitResult& end);

/// Where start and exec get the profile from once there is something to explain.
using ProfileSource = std::function<std::optional<plan::Seccomp>()>;

/// For an Error born with the filter in force: if a rule answers that system call with that errno,
/// it becomes the pointer and a hint names both. Returns whether it does. Pure.
bool blame_filter(Error& error, const plan::Seccomp& seccomp);

}  // namespace asylum::process
