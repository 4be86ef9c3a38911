// SPDX-License-Identifier: Apache-2.0
// Which command is legal in which state of a container, and what is said when it is not. Engines
// look for these words. Pure.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/container/state/status.h"

namespace asylum::container {

/// `state`, `list` and `ps` are legal in every state, `delete --force` in none of its own: they
/// have no row.
enum class Verb : std::uint8_t {
  start,
  exec,
  exec_in_paused,  // exec --ignore-paused
  kill,
  kill_all,  // kill --all
  pause,
  resume,
  update,
  mounts,
  events,
  remove,  // delete
};
inline constexpr std::size_t kVerbs = 11;

/// Throws wrong_state, with the verb's words, where it is not legal.
void check_legal(Verb verb, Status status, const std::string& id);

}  // namespace asylum::container
