// SPDX-License-Identifier: Apache-2.0
// Why the kernel would not make namespaces: the Errors of clone3 and unshare.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/sys/process/process.h"

namespace asylum::sys {

/// Throws the Error of a failed clone3. With namespaces requested, throw-away children try them one
/// by one, so that it names the one that is refused and its remedy.
[[noreturn]] void throw_clone_error(const CloneRequest& request, int error_number);

/// One thing the user can do when making a namespace of this kind failed, or "".
std::string hint_for_namespace_error(std::uint64_t namespace_flag, int error_number);

}  // namespace asylum::sys
