// SPDX-License-Identifier: Apache-2.0
// What a profile answers to one system call, read off its rules: to explain a failure, never to
// decide anything. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/plan/types/seccomp.h"

namespace asylum::seccomp {

struct Verdict {
  std::uint32_t action = 0;  // SECCOMP_RET_* with its data
  std::string pointer;       // the rule's, or that of defaultAction
  bool conditional = false;  // the rule looks at arguments, which are not known here
};

/// Every answer that `call` may get on the native architecture, the likeliest first. One, unless
/// rules with `args` name it: then theirs, and the default action last.
std::vector<Verdict> verdicts_on(const plan::Seccomp& seccomp, std::string_view call);

/// Whether the process, or its only thread, dies of it.
bool is_deadly(const Verdict& verdict);

}  // namespace asylum::seccomp
