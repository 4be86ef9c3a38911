// SPDX-License-Identifier: Apache-2.0
// The plan's part about the seccomp filter.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/oci_words.h"

namespace asylum::plan {

struct SeccompArg {
  std::uint32_t index = 0;
  std::uint64_t value = 0, value_two = 0;
  SeccompOperator op = SeccompOperator::equal;
};

struct SeccompRule {
  std::vector<std::string> names;
  SeccompAction action = SeccompAction::allow;
  std::optional<std::uint32_t> errno_ret;
  std::vector<SeccompArg> args;
  std::string pointer;
};

struct Seccomp {
  SeccompAction default_action = SeccompAction::allow;
  std::optional<std::uint32_t> default_errno_ret;
  std::vector<SeccompArch> architectures;
  std::vector<SeccompFlag> flags;
  std::vector<SeccompRule> rules;
  std::string listener_path, listener_metadata;
  std::string pointer;
};

struct SeccompPlan {
  std::optional<Seccomp> seccomp;
};

}  // namespace asylum::plan
