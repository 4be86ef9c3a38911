// SPDX-License-Identifier: Apache-2.0
// A time namespace with offsets. Init makes it itself: one that clone3 makes has its first member
// from the start, and the kernel takes no offsets after that. Source: time_namespaces(7).
// Runs in: init, after clone, before the first mount.
#include <fcntl.h>

#include <string>

#include "runtime/base/text.h"
#include "runtime/plan/types/namespaces.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/process/namespaces.h"

namespace asylum::process {

bool has_clock_offsets(const plan::Plan& plan) {
  return !plan.time_offsets.empty() && makes_namespace(plan, NamespaceType::time);
}

void make_time_namespace(InitContext& context) {
  const sys::Procfs& procfs = opened_procfs(context);
  sys::unshare(CLONE_NEWTIME);
  std::string lines;
  for (const plan::TimeOffset& offset : context.spaces.time_offsets) {
    lines += cat(offset.clock, " ", offset.seconds, " ", offset.nanoseconds, "\n");
  }
  procfs.write("self/timens_offsets", lines);
  const sys::Fd made = procfs.open_link("self/ns", "time_for_children", O_RDONLY);
  sys::set_namespace(made.get(), CLONE_NEWTIME);
}

}  // namespace asylum::process
