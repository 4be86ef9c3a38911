// SPDX-License-Identifier: Apache-2.0
// The plan's part about hooks.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/oci_words.h"

namespace asylum::plan {

struct Hook {
  std::string path;
  std::vector<std::string> args;  // argv; {path} when the config has none
  std::optional<std::vector<std::string>> env;
  std::optional<std::uint32_t> timeout_s;
  std::string pointer;  // "/hooks/createRuntime/0"
};

/// What hooks get on stdin, but for pid and status. Source: runtime-spec runtime.md#state.
struct StateSeed {
  std::string oci_version;
  std::string id;
  std::string bundle;
  std::vector<std::pair<std::string, std::string>> annotations;
};

struct HookPlan {
  StateSeed state;
  std::array<std::vector<Hook>, kHookStages> hooks;

  const std::vector<Hook>& hooks_of(HookStage stage) const {
    return hooks[static_cast<std::size_t>(stage)];
  }
};

}  // namespace asylum::plan
