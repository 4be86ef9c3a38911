// SPDX-License-Identifier: Apache-2.0
// The state document as `state` and `list` print it; hooks read hooks::state_document(). Source:
// runtime-spec runtime.md#state.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "spec/types.h"

namespace asylum::spec {

inline constexpr std::string_view kOciVersion = "1.3.0";

struct State {
  std::string oci_version{kOciVersion};
  std::string id;
  std::string status;  // creating, created, running, paused, stopped
  std::int32_t pid = 0;
  std::string bundle;
  std::string rootfs;   // from here on: of runc's, engines read them
  std::string created;  // RFC 3339 with nanoseconds
  std::vector<KeyValue> annotations;
  std::string owner;         // user name or "#uid"; "" in `state`
  bool interrupted = false;  // ours: create was killed; written only when true
  bool operator==(const State&) const = default;
};

/// As `state` prints it: two blanks of indentation, no newline at the end.
std::string write_state(const State& state);
/// As `list --format json` prints them: one line; "null" when there are none, as clients of runc
/// expect.
std::string write_states(std::span<const State> states);

}  // namespace asylum::spec
