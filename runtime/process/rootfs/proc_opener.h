// SPDX-License-Identifier: Apache-2.0
// A new proc of a joined pid namespace where the kernel cannot be told one (below Linux 6.18): it
// is of the namespace of whoever opens its context. So a process is born there that makes two
// system calls, fsopen("proc") and the one that sends the context out; all else is done outside.
// Whoever may trace it there gets CAP_SYS_ADMIN for these two: its filter lets nothing else
// through, it has the container's ids, one descriptor, an empty root, and nothing in its memory.
// Runs in: the builder, before it has joined the pid namespace.
#pragma once

#include "runtime/process/init/init.h"
#include "runtime/sys/mount/fs_context.h"
#include "runtime/sys/mount/mount.h"

namespace asylum::process {

/// The context, proven to be that of a proc: what sent it may have been in the container's hands.
sys::FsContext open_proc_inside(InitContext& context);

/// That a proc is of this pid namespace. Throws ErrorKind::denied.
void prove_pid_namespace(int proc, const sys::Fd& pid_namespace);

}  // namespace asylum::process
