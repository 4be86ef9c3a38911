// SPDX-License-Identifier: Apache-2.0
// Pseudoterminals and terminal modes.
#pragma once

#include <termios.h>

#include <cstdint>
#include <optional>

#include "runtime/sys/fd.h"

namespace asylum::sys {

struct Pseudoterminal {
  Fd master;
  Fd peer;  // the container's side
};

/// A new pair from the devpts instance whose root directory is `devpts_dir`. ptmx is proven to be
/// its node 5:2 on devpts; the peer comes from TIOCGPTPEER, never from a path (CVE-2025-52565). LF
/// is not translated to CR LF (ONLCR is off). Throws.
Pseudoterminal open_pseudoterminal(int devpts_dir);

/// Another descriptor of a master's peer (TIOCGPTPEER), close-on-exec. Throws.
Fd open_peer(int master);

struct WindowSize {
  std::uint16_t rows = 0;
  std::uint16_t columns = 0;
};
std::optional<WindowSize> try_get_window_size(int terminal);
void set_window_size(int terminal, WindowSize size);

bool is_terminal(int fd);

/// Makes it raw, but for the processing of output, and returns what it was, for restore_terminal.
/// Throws.
termios make_raw(int terminal);
/// Never throws: at the end of a foreground run there is nobody left to tell.
void restore_terminal(int terminal, const termios& saved) noexcept;

/// setsid(2), then. Throws.
void become_session_leader();
/// TIOCSCTTY of a session leader without terminal. Throws.
void set_controlling_terminal(int terminal);

}  // namespace asylum::sys
