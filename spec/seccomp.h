// SPDX-License-Identifier: Apache-2.0
// The typed `linux.seccomp` object. Source: runtime-spec config-linux.md#seccomp. Words are enums;
// names.h has the tables.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/oci_words.h"
#include "spec/types.h"

namespace asylum::spec {

struct SyscallArgument {
  std::uint32_t index = 0;  // 0 to 5
  std::uint64_t value = 0;
  std::uint64_t value_two = 0;  // masked_equal: (argument & value) == value_two
  SeccompOperator op = SeccompOperator::equal;
  Unknown unknown;
  bool operator==(const SyscallArgument&) const = default;
};

/// Arguments with different indices must all match; two with the same index are alternatives, as in
/// runc.
struct SyscallRule {
  std::vector<std::string> names;
  SeccompAction action = SeccompAction::allow;
  std::optional<std::uint32_t> errno_ret;
  std::vector<SyscallArgument> args;
  Unknown unknown;
  bool operator==(const SyscallRule&) const = default;
};

struct Seccomp {
  SeccompAction default_action = SeccompAction::allow;
  std::optional<std::uint32_t> default_errno_ret;
  std::vector<SeccompArch> architectures;
  std::optional<std::vector<SeccompFlag>>
      flags;                  // absent differs from []: runc then sets SPEC_ALLOW
  std::string listener_path;  // "" = none
  std::string listener_metadata;
  std::vector<SyscallRule> syscalls;
  Unknown unknown;
  bool operator==(const Seccomp&) const = default;
};

}  // namespace asylum::spec
