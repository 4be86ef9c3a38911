// SPDX-License-Identifier: Apache-2.0
// What every verb is told before its own options.
#pragma once

#include <optional>
#include <string>

#include "runtime/base/oci_words.h"

namespace asylum::container {

/// What every command knows.
struct Settings {
  std::string root;         // state directory of all containers, absolute
  bool root_given = false;  // by --root: then a missing one is an error for `list`
  CgroupManager cgroup_manager = CgroupManager::cgroupfs;
  std::optional<bool> rootless{};  // --rootless; nothing = auto
};

/// `/run/asylum-runc`, or `$XDG_RUNTIME_DIR/asylum-runc` when rootless (design §11).
std::string default_root();

}  // namespace asylum::container
