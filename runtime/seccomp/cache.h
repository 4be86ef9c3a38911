// SPDX-License-Identifier: Apache-2.0
// Compiled filters by content: a profile costs milliseconds in libseccomp and is the same for
// thousands of containers. A directory "@seccomp" beside the containers' state (no container id may
// contain '@'), 0700, the caller's own.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/plan/types/seccomp.h"
#include "runtime/sys/fd.h"

namespace asylum::seccomp {

/// Everything that the program depends on, as text: the rules, the code that compiles them,
/// libseccomp's version, architecture.
std::string cache_key(const plan::Seccomp& seccomp);

/// Makes the directory if missing. Throws ErrorKind::denied unless it is a directory, 0700, owned
/// by the caller: what lies there becomes somebody's filter.
sys::Fd open_cache(int parent);

/// The whole key is compared, not only its hash. A damaged file, or one that is not ours, counts as
/// absent.
std::optional<std::string> find_cached(int directory, std::string_view key);

/// Atomic; at most kMostCached files, the rest goes. A full disk only costs the cache.
void store_cached(int directory, std::string_view key, std::string_view program);

inline constexpr std::size_t kMostCached = 64;

}  // namespace asylum::seccomp
