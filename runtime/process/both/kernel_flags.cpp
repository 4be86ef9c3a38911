// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/both/kernel_flags.h"

#include <sched.h>
#include <sys/mount.h>

#include "runtime/sys/process/namespaces.h"

namespace asylum::process {

std::uint64_t propagation_flag(plan::Propagation propagation) {
  switch (propagation) {
    case plan::Propagation::private_:
      return MS_PRIVATE;
    case plan::Propagation::slave:
      return MS_SLAVE;
    case plan::Propagation::shared:
      return MS_SHARED;
    case plan::Propagation::unbindable:
      return MS_UNBINDABLE;
  }
  return 0;
}

std::uint64_t clone_flag_of(plan::NamespaceType type) {
  switch (type) {
    case plan::NamespaceType::user:
      return CLONE_NEWUSER;
    case plan::NamespaceType::mount:
      return CLONE_NEWNS;
    case plan::NamespaceType::pid:
      return CLONE_NEWPID;
    case plan::NamespaceType::network:
      return CLONE_NEWNET;
    case plan::NamespaceType::ipc:
      return CLONE_NEWIPC;
    case plan::NamespaceType::uts:
      return CLONE_NEWUTS;
    case plan::NamespaceType::cgroup:
      return CLONE_NEWCGROUP;
    case plan::NamespaceType::time:
      return CLONE_NEWTIME;
  }
  return 0;
}

std::uint64_t clone_flags_of(const plan::Plan& plan) {
  std::uint64_t flags = 0;
  for (const plan::Namespace& space : plan.namespaces) {
    if (space.path.empty()) flags |= clone_flag_of(space.type);
  }
  // Where the root is built: nobody sees it before it is whole.
  if (plan.root.is == plan::RootIs::attached) flags |= CLONE_NEWNS;
  // clone3 with NEWTIME freezes the offsets at once, so init makes the namespace itself
  // (time_namespaces(7)).
  if (!plan.time_offsets.empty()) flags &= ~std::uint64_t{CLONE_NEWTIME};
  return flags;
}

}  // namespace asylum::process
