// SPDX-License-Identifier: Apache-2.0
// FIFOs: the start gate. Their bytes are lost when no end is open, so open one before writing.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "runtime/sys/fd.h"

namespace asylum::sys {

/// mkfifoat(2), exclusive. Throws.
void make_fifo_at(int dir, const std::string& name, mode_t mode);

/// The read end, at once: non-blocking open, then blocking again if `blocking_reads`. Refuses links
/// and anything that is not a FIFO. Throws.
Fd open_fifo_reader(int dir, const std::string& name, bool blocking_reads);
/// The write end, blocking writes; nullopt when there is no reader (ENXIO) or no such file. Throws.
std::optional<Fd> try_open_fifo_writer(int dir, const std::string& name);
/// Both ends in one descriptor (O_RDWR): never blocks, never sees end of file. Throws.
Fd open_fifo_both(int dir, const std::string& name);

}  // namespace asylum::sys
