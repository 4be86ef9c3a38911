// SPDX-License-Identifier: Apache-2.0
// The file that tells an engine init's pid.
#pragma once

#include <sys/types.h>

#include <string>

#include "runtime/container/state/journal.h"

namespace asylum::container {

/// Decimal, without newline, 0644; whole or not at all (exclusive temporary file, rename). `path`
/// is absolute.
/// `journal`: of a container being created; exec has none.
void write_pid_file(const std::string& path, pid_t pid, Journal* journal = nullptr);

}  // namespace asylum::container
