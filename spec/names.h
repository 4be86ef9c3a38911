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

#define ASYLUM_SPEC_WORDS(Enum) \
  template <>                   \
  std::span<const Named<Enum>> words<Enum>()
ASYLUM_SPEC_WORDS(NamespaceType);
ASYLUM_SPEC_WORDS(PropagationChange);
ASYLUM_SPEC_WORDS(DeviceType);
ASYLUM_SPEC_WORDS(DeviceRuleType);
ASYLUM_SPEC_WORDS(MemoryPolicyMode);
ASYLUM_SPEC_WORDS(MemoryPolicyFlag);
ASYLUM_SPEC_WORDS(PersonalityDomain);
ASYLUM_SPEC_WORDS(SchedulerPolicy);
ASYLUM_SPEC_WORDS(SchedulerFlag);
ASYLUM_SPEC_WORDS(IoPriorityClass);
ASYLUM_SPEC_WORDS(SeccompAction);
ASYLUM_SPEC_WORDS(SeccompFlag);
ASYLUM_SPEC_WORDS(SeccompOperator);
ASYLUM_SPEC_WORDS(SeccompArch);
#undef ASYLUM_SPEC_WORDS

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
