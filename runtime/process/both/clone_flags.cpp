// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/both/clone_flags.h"

#include <sched.h>

#include "runtime/plan/types/plan.h"
#include "runtime/sys/process/namespaces.h"

namespace asylum::process {

std::uint64_t clone_flags_of(const plan::Plan& plan) {
  std::uint64_t flags = 0;
  for (const plan::Namespace& space : plan.namespaces) {
    if (space.path.empty()) flags |= sys::clone_flag_of(space.type);
  }
  // Where the root is built: nobody sees it before it is whole.
  if (plan.root.is == plan::RootIs::attached) flags |= CLONE_NEWNS;
  // clone3 with NEWTIME freezes the offsets at once, so init makes the namespace itself
  // (time_namespaces(7)).
  if (!plan.time_offsets.empty()) flags &= ~std::uint64_t{CLONE_NEWTIME};
  return flags;
}

}  // namespace asylum::process
