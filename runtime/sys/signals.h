// SPDX-License-Identifier: Apache-2.0
// Signals: names and numbers, masks, dispositions, signalfd.
#pragma once

#include <signal.h>

#include <optional>
#include <string>
#include <string_view>

#include "runtime/sys/fd.h"

namespace asylum::sys {

/// "TERM", "SIGTERM", "sigterm", "15", "RTMIN+3", "SIGRTMAX-1" → number; 0 ("0") is allowed: it
/// only asks.
std::optional<int> signal_number(std::string_view text);
/// "SIGTERM", "SIGRTMIN+3"; for an unknown number "signal 99". SIGRTMIN is the kernel ABI's 34, as
/// runc counts.
std::string signal_name(int signal);

/// Blocks every signal that can be and returns the mask before.
sigset_t block_all_signals();
void set_signal_mask(const sigset_t& mask);
void clear_signal_mask();

/// Every signal, real-time ones included, back to its default disposition: execve keeps ignored
/// ones ignored.
void reset_signal_dispositions();

/// signalfd(2), non-blocking, close-on-exec, of a set that the caller has blocked. Throws.
Fd make_signalfd(const sigset_t& signals);
struct SignalInfo {
  int signal = 0;
  pid_t sender = 0;
};
/// The next one, nullopt when there is none now.
std::optional<SignalInfo> read_signal(int signalfd);

}  // namespace asylum::sys
