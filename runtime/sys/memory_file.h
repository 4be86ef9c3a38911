// SPDX-License-Identifier: Apache-2.0
// Bytes that another process gets as a descriptor.
#pragma once

#include <string_view>

#include "runtime/sys/fd.h"

namespace asylum::sys {

/// An anonymous file with the given bytes, sealed against every change, offset 0. For what is
/// handed to init (a seccomp filter). `name` is what /proc shows. Throws.
Fd make_sealed_file(const char* name, std::string_view content);

}  // namespace asylum::sys
