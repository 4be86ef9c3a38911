// SPDX-License-Identifier: Apache-2.0
// What a hook gets on stdin.
#pragma once

#include <sys/types.h>
#include <string>
#include <string_view>

#include "runtime/plan/types/hooks.h"

namespace asylum::hooks {

/// The state document for stdin. Source: runtime-spec runtime.md#state. One line of JSON with
/// newline; no pid when it is 0.
std::string state_document(const plan::StateSeed& seed, pid_t pid, std::string_view status);

}  // namespace asylum::hooks
