// SPDX-License-Identifier: Apache-2.0
// The words that only config.json knows: enum tables (oci_words.h says how they are read), capabilities
// and resource limits with their numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "runtime/base/oci_words.h"
#include "spec/spec.h"

namespace asylum::spec {

/// The type of namespace that has its own value of a sysctl; none: the host has one for all.
/// `file` is the name as sysctl_file() gives it, "net/ipv4/ip_forward".
std::optional<NamespaceType> namespace_of_sysctl(std::string_view file);

/// Capabilities by number, 0 to 40 (CAP_CHECKPOINT_RESTORE). Source: linux/capability.h.
std::span<const Named<std::uint32_t>> capability_names();
/// "CAP_KILL" → 5; nothing for an unknown name (the prefix and capitals are required).
std::optional<std::uint32_t> capability_number(std::string_view name);
std::string_view capability_name(std::uint32_t number);

/// Resource limits. Source: asm-generic/resource.h (mips, sparc and alpha number some otherwise:
/// not supported).
std::span<const Named<std::uint32_t>> rlimit_names();
std::optional<std::uint32_t> rlimit_number(std::string_view name);

}  // namespace asylum::spec

namespace asylum {

// clang-format off
template <> std::span<const Named<spec::DeviceType>> words<spec::DeviceType>();
template <> std::span<const Named<spec::DeviceRuleType>> words<spec::DeviceRuleType>();
template <> std::span<const Named<spec::MemoryPolicyMode>> words<spec::MemoryPolicyMode>();
template <> std::span<const Named<spec::MemoryPolicyFlag>> words<spec::MemoryPolicyFlag>();
template <> std::span<const Named<spec::PersonalityDomain>> words<spec::PersonalityDomain>();
template <> std::span<const Named<spec::SchedulerPolicy>> words<spec::SchedulerPolicy>();
template <> std::span<const Named<spec::SchedulerFlag>> words<spec::SchedulerFlag>();
template <> std::span<const Named<spec::IoPriorityClass>> words<spec::IoPriorityClass>();
// clang-format on

}  // namespace asylum
