// SPDX-License-Identifier: Apache-2.0
// The first act of the commands that bring a process of ours into a container.
#pragma once

#include <functional>
#include <optional>

#include "runtime/cli/options/arguments.h"
#include "runtime/sys/process/self_exec.h"
#include "spec/spec.h"

namespace asylum::cli {

/// The config of the container that the process is to make or to enter, and of no other; nothing if
/// it cannot be known.
using ConfigOf = std::function<std::optional<spec::Spec>()>;

/// Executes this program again from a clone that nobody can write to, unless it already runs from
/// one or needs none (sys/process/self_exec.h). Before anything is made. `config` is asked only where it
/// could make the protection needless. Returns in the process that goes on; what its command line
/// says in confidence is wiped by then. Throws.
void protect_this_program(const Arguments& arguments, const ConfigOf& config);

/// What `spec` says of the program's safety. Pure.
sys::SelfProtection facts_of(const spec::Spec& spec);

}  // namespace asylum::cli
