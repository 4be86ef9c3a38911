// SPDX-License-Identifier: Apache-2.0
// Asks the kernel, once a command, what plan wants to know of this host. Changes nothing.
#pragma once

#include <sys/types.h>

#include <optional>

#include "runtime/plan/types/host_facts.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::container {

/// As far as this config needs it: security modules and subordinate ids are asked for only when it
/// names them. `rootless`: what the command line says of it, else it is asked of the kernel.
plan::HostFacts probe_host(const spec::Spec& spec, std::optional<bool> rootless = std::nullopt);

/// Design §11: by who we are, our user namespace, and USER.
bool is_rootless(uid_t euid, bool in_initial_user_namespace);

}  // namespace asylum::container
