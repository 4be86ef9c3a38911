// SPDX-License-Identifier: Apache-2.0
// The config's seccomp words as the kernel's and libseccomp's numbers. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "runtime/base/oci_words.h"
#include "runtime/plan/types/seccomp.h"

namespace asylum::seccomp {

/// One architecture of a filter. x32 shares AUDIT_ARCH_X86_64 and is told apart by bit 30 of the
/// number.
struct Architecture {
  SeccompArch arch;
  std::uint32_t token;        // libseccomp's
  std::uint32_t audit_arch;   // what seccomp_data.arch shows
  std::uint8_t table_column;  // in new_syscalls.h; kNoColumn where the table says nothing
};

std::span<const Architecture> architectures();
/// Null where this libseccomp does not know it.
const Architecture* find_architecture(SeccompArch arch);
const Architecture& native_architecture();

/// SECCOMP_RET_* with its data, e.g. (errno_, 38) → 0x00050026. Without errno: EPERM, as runc. TRACE
/// takes errno_ret as its data too.
std::uint32_t action_value(SeccompAction action, std::optional<std::uint32_t> errno_ret);

/// enum scmp_compare.
int compare_value(SeccompOperator op);

/// SECCOMP_FILTER_FLAG_* for seccomp(2): those of the config, plus NEW_LISTENER when a rule
/// notifies. SECCOMP_FILTER_FLAG_TSYNC is dropped: init is single-threaded, and it excludes a
/// listener before 5.7.
std::uint32_t load_flags(const plan::Seccomp& seccomp);

bool uses_notify(const plan::Seccomp& seccomp);

/// Whether numbers above the highest that the profile names get ENOSYS (design §8.8): not where the
/// default action is mild or ENOSYS already.
bool is_enosys_wanted(const plan::Seccomp& seccomp, std::uint32_t default_action);

}  // namespace asylum::seccomp
