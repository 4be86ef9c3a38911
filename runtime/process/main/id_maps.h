// SPDX-License-Identifier: Apache-2.0
// Writes the id maps of a new user namespace: directly, or through newuidmap and newgidmap.
// Runs in: main.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "runtime/plan/types/id_mapping.h"
#include "runtime/plan/types/namespaces.h"
#include "runtime/sys/fd.h"

namespace asylum::process {

/// The text of uid_map or gid_map: "0 100000 65536\n" a line. Pure.
std::string id_map_text(const std::vector<plan::IdMapping>& mappings);

/// Arguments of newuidmap or newgidmap: program, pid, then three numbers a line. Pure.
std::vector<std::string> id_map_helper_arguments(const std::string& program, pid_t pid,
                                                 const std::vector<plan::IdMapping>& mappings);

/// Of `init`, an unreaped child of ours (so that its pid is nobody else's). Throws; what a helper
/// wrote to stderr is part of the Error.
void write_id_maps(pid_t init, const plan::IdMaps& maps);

/// A user namespace with these maps and no process in it, for an id-mapped mount. Throws.
sys::Fd make_user_namespace(const plan::IdMaps& maps);

}  // namespace asylum::process
