// SPDX-License-Identifier: Apache-2.0
// The words of config.json and what they mean: enum tables, capabilities and resource limits with
// their numbers.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "spec/spec.h"

namespace asylum::spec {

/// The type of namespace that has its own value of a sysctl; none: the host has one for all.
/// `file` is the name as sysctl_file() gives it, "net/ipv4/ip_forward".
std::optional<NamespaceType> namespace_of_sysctl(std::string_view file);

template <typename Enum>
struct Named {
  std::string_view word;
  Enum value;
};

/// The table of an enum, the preferred word of each value first. Defined for every enum of the
/// spec's words: NamespaceType, PropagationChange, DeviceType, DeviceRuleType, MemoryPolicyMode,
/// MemoryPolicyFlag, PersonalityDomain, SchedulerPolicy, SchedulerFlag, IoPriorityClass,
/// SeccompAction, SeccompFlag, SeccompOperator, SeccompArch.
template <typename Enum>
std::span<const Named<Enum>> words();

// clang-format off
template <> std::span<const Named<NamespaceType>> words<NamespaceType>();
template <> std::span<const Named<PropagationChange>> words<PropagationChange>();
template <> std::span<const Named<DeviceType>> words<DeviceType>();
template <> std::span<const Named<DeviceRuleType>> words<DeviceRuleType>();
template <> std::span<const Named<MemoryPolicyMode>> words<MemoryPolicyMode>();
template <> std::span<const Named<MemoryPolicyFlag>> words<MemoryPolicyFlag>();
template <> std::span<const Named<PersonalityDomain>> words<PersonalityDomain>();
template <> std::span<const Named<SchedulerPolicy>> words<SchedulerPolicy>();
template <> std::span<const Named<SchedulerFlag>> words<SchedulerFlag>();
template <> std::span<const Named<IoPriorityClass>> words<IoPriorityClass>();
template <> std::span<const Named<SeccompAction>> words<SeccompAction>();
template <> std::span<const Named<SeccompFlag>> words<SeccompFlag>();
template <> std::span<const Named<SeccompOperator>> words<SeccompOperator>();
template <> std::span<const Named<SeccompArch>> words<SeccompArch>();
// clang-format on

/// "SCMP_ACT_ALLOW"; "" for a value outside the table.
template <typename Enum>
std::string_view word_of(const Enum& value) {
  for (const auto& row : words<Enum>()) {
    if (row.value == value) return row.word;
  }
  return {};
}

template <typename Enum>
std::optional<Enum> value_of(std::string_view word) {
  for (const auto& row : words<Enum>()) {
    if (row.word == word) return row.value;
  }
  return std::nullopt;
}

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
