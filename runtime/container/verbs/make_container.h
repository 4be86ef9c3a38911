// SPDX-License-Identifier: Apache-2.0
// What create and run share: from the command line to an init that waits at the start gate.
#pragma once

#include <string>

#include "runtime/container/host/bundle.h"
#include "runtime/container/state/container_lock.h"
#include "runtime/container/state/record.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/verbs/create_options.h"
#include "runtime/container/verbs/prepare.h"
#include "runtime/plan/types/host_facts.h"
#include "runtime/process/main/launch.h"
#include "runtime/sys/fd.h"

namespace asylum::container {

/// A container in state created, still locked.
struct Created {
  sys::Fd state_directory;
  ContainerLock lock;
  Record record;
  process::Launched init;
  sys::Fd cgroup;    // its directory; none when the manager is disabled
  sys::Fd terminal;  // master, in the foreground only
};

/// All effects, in the order of design §7. Whatever fails, everything is undone and that failure is
/// thrown. Settings and preparation change only in the memory of what has to forget them (forget.h).
Created make_container(Settings& settings, const CreateOptions& options, Preparation& preparation,
                       Attachment attachment);

}  // namespace asylum::container
