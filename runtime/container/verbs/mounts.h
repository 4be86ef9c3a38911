// SPDX-License-Identifier: Apache-2.0
// The verb mounts: file systems added to and taken from a container that runs.
#pragma once

#include <string>

#include "runtime/container/state/settings.h"

namespace asylum::container {

struct MountsOptions {
  std::string id;
  std::string file;  // an array of mounts as config.json has them; "-" = standard input
};

/// Makes the mounts in the container as create would, or none of them. They end with the container
/// and are not in its config. Throws.
void add_mounts(const Settings& settings, const MountsOptions& options);

/// Takes away what is mounted on the destinations of the file, the last one first; of a mount only
/// its destination counts. Throws; nothing is changed if one of them is no mount.
void remove_mounts(const Settings& settings, const MountsOptions& options);

}  // namespace asylum::container
