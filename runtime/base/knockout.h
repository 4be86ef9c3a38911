// SPDX-License-Identifier: Apache-2.0
// Whether a named step is left out. Only the test build of `contrib/check --knockout` can: there
// the environment's ASYLUM_KNOCKOUT names one init step ("init:hostname") or cgroup write
// ("cgroup:memory.max"), and some test must fail.
#pragma once

#include <string_view>

#ifdef ASYLUM_KNOCKOUT_BUILD
#include <stdlib.h>

#include <string>
#endif

namespace asylum {

#ifdef ASYLUM_KNOCKOUT_BUILD
inline bool knocked_out(std::string_view kind, std::string_view name) {
  // A copy: in what main clones the environment is overwritten.
  static const std::string text = [] {
    const char* const wanted = ::getenv("ASYLUM_KNOCKOUT");
    return std::string(wanted != nullptr ? wanted : "");
  }();
  return text.size() == kind.size() + 1 + name.size() && text.starts_with(kind) &&
         text[kind.size()] == ':' && text.ends_with(name);
}
#else
constexpr bool knocked_out(std::string_view, std::string_view) {
  return false;
}
#endif

}  // namespace asylum
