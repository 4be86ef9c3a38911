// SPDX-License-Identifier: Apache-2.0
// The config that `asylum-runc spec` prints: an interactive shell in a read-only root file system.
#pragma once

#include <cstdint>
#include <optional>

#include "spec/spec.h"

namespace asylum::spec {

/// Who `spec --rootless` is for: container root becomes this user.
struct RootlessOwner {
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
};

Spec default_spec(std::optional<RootlessOwner> rootless = std::nullopt);

}  // namespace asylum::spec
