// SPDX-License-Identifier: Apache-2.0
// The configured program: found before `ready` so that create can fail for a missing one, and the
// reason why it could not be executed.
// Runs in: init, after pivot_root; exec's child.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/error.h"

namespace asylum::process {

/// The path that execve gets for args[0]: itself if it has a slash, else the first executable file
/// in the environment's PATH. Throws ErrorKind::exec_failed with runc's words, which engines match:
/// `exec: "sh": executable file not found in $PATH`, `exec: "/x": stat /x`.
std::string find_program(const std::string& name, const std::vector<std::string>& environment);

/// execve(path) failed, and no more: touches no file.
Error exec_failure(const std::string& path, int error_number);

/// Why execve(path) failed: ErrorKind::exec_failed, with a hint that names a missing interpreter,
/// another machine's program and so on.
Error explain_exec_failure(const std::string& path, int error_number);

}  // namespace asylum::process
