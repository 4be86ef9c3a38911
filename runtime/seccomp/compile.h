// SPDX-License-Identifier: Apache-2.0
// Rules → the classic BPF program that init loads. Runs in: main, while init mounts.
#pragma once

#include <string>

#include "runtime/plan/types/seccomp.h"
#include "runtime/sys/fd.h"

namespace asylum::seccomp {

/// The program as struct sock_filter[] bytes: our prologue, then libseccomp's.
/// Source: runtime-spec config-linux.md#seccomp, seccomp_rule_add(3).
/// Errors: the rule's pointer and libseccomp's reason. Names that neither libseccomp nor our table
/// knows are one warning that lists them.
std::string compile(const plan::Seccomp& seccomp);

/// compile(), through the cache when `cache_parent` (the state directory of all containers) is
/// given; -1 = no cache. Returns a sealed memfd.
sys::Fd filter_program(const plan::Seccomp& seccomp, int cache_parent);

}  // namespace asylum::seccomp
