// SPDX-License-Identifier: Apache-2.0
// mount(2), for what fsconfig(2) cannot carry: a value of 256 bytes and more, or a comma in a value
// of a file system that still parses one string.
#pragma once

#include <string>

#include "runtime/sys/fd.h"

namespace asylum::sys {

class Procfs;

struct LegacyMount {
  std::string fs_type;
  std::string source;
  unsigned long flags = 0;  // MS_*
  std::string data;         // comma-separated
};

/// The new file system as a detached mount, to be attached like every other one. mount(2) goes to a
/// directory of a tmpfs in a mount namespace that is made for it and left again, so that nobody can
/// put anything in the way, and its target is never looked up below the container's root (design
/// §8.1). `procfs` is this process's verified proc. Root and working directory stay. Throws.
Fd mount_on_scratch(const LegacyMount& request, const Procfs& procfs);

}  // namespace asylum::sys
