// SPDX-License-Identifier: Apache-2.0
// A system call that is answered by the tracer instead of the kernel.
#pragma once

#include <sys/types.h>

namespace killdriver {

/// At its entry: the kernel is to execute nothing.
void skip_call(pid_t pid);
/// At its exit: it failed with this errno.
void answer_call(pid_t pid, int error_number);

}  // namespace killdriver
