// SPDX-License-Identifier: Apache-2.0
// Init's end of the start gate: waiting behind it, and the answer.
// Runs in: init, as its last steps; the container's seccomp filter is loaded.
#pragma once

#include <string>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/process/both/start_gate.h"

namespace asylum::process {

/// As pid 1 of its namespace init is deaf to signals without handler; at the gate TERM, INT and HUP
/// end it (exit code 128 + signal). Call before the last filter is loaded; execve resets the
/// handlers.
void die_of_signals_at_gate();

/// Blocks in read(2) until `start` writes. After it nothing but read, write, execve and exit_group
/// is used.
void wait_for_go(const GateEnds& gate);

/// What answer_executing() writes. `program` is what execve gets, for the words of `start` if that
/// kills the process.
std::string executing_answer(std::string_view program);
/// The last act before execve, in one write(2). Throws where it fails: a program of which `start`
/// does not know must not run.
void answer_executing(const GateEnds& gate, std::string_view answer);
/// Instead of it, or after it when execve came back.
void answer_error(const GateEnds& gate, const Error& error) noexcept;

}  // namespace asylum::process
