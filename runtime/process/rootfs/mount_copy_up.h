// SPDX-License-Identifier: Apache-2.0
// Filling a new tmpfs with what it covers (tmpcopyup).
// Runs in: init, after clone, before pivot_root.
#pragma once

namespace asylum::process {

/// Copies the tree below `from` into the new, still detached, tmpfs `to`: files, directories, links
/// and nodes with mode and owner (tmpcopyup). Both are directories. What is on proc, sysfs and the
/// like is left out: it is the kernel's. Throws.
void copy_up(int from, int to);

}  // namespace asylum::process
