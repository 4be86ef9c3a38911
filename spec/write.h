// SPDX-License-Identifier: Apache-2.0
// Spec → JSON text, in the order in which the runtime-spec describes the keys.
#pragma once

#include <string>

#include "spec/spec.h"

namespace asylum::spec {

/// Indented with tabs as runc's `spec` does it, without a newline at the end. Unknown keys and
/// other platforms' sections come out as they went in; what equals its absence is left out.
/// read(write(x)) == x.
std::string write(const Spec& spec);

/// One object alone: `linux.resources`, `process`.
std::string write(const Resources& resources);
std::string write(const Process& process);

}  // namespace asylum::spec
