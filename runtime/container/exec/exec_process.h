// SPDX-License-Identifier: Apache-2.0
// Which process exec is to execute.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "runtime/container/exec/exec.h"
#include "spec/process.h"
#include "spec/spec.h"

namespace asylum::container {

/// The process to execute: the container's own, changed as the options say, or the one of
/// process_file. Throws invalid_usage or invalid_config. Source: runc-exec(8).
spec::Process process_to_execute(const spec::Spec& container, const ExecOptions& options);

/// "UID[:GID]", digits only and in range (CVE-2026-30892). Throws invalid_usage.
struct UserAndGroup {
  std::uint32_t uid = 0;
  std::optional<std::uint32_t> gid;
};
UserAndGroup parse_user(std::string_view text);

}  // namespace asylum::container
