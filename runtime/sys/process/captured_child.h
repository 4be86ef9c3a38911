// SPDX-License-Identifier: Apache-2.0
// Runs one foreign program to its end (a hook, newuidmap, ps): text on stdin, the tail of what it
// writes kept, a timeout. No shell, no PATH.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "runtime/sys/process/process.h"

namespace asylum::sys {

/// How much of each output stream is kept, if nothing else is asked for: its end.
inline constexpr std::size_t kTailBytes = 4096;

/// A socket as the child's stdin, for a child that is spoken with. `theirs` stays the caller's.
struct Talk {
  int theirs = -1;
  int ours = -1;
  std::function<void()> heard;  // takes one message of `ours`, of which there is one
};

struct CapturedRequest {
  std::string path;
  std::vector<std::string> args;                  // argv, the program's name first
  const std::vector<std::string>* env = nullptr;  // null = our own environment
  std::string input;                              // stdin
  const Talk* talk = nullptr;                     // ... or this
  std::optional<std::uint32_t> timeout_s;
  std::function<void(pid_t)> started;  // for a journal; may be empty
  std::size_t keep = kTailBytes;       // of each stream
};

struct CapturedEnd {
  int exec_errno = 0;      // != 0: the program could not be executed
  bool timed_out = false;  // killed, with its process group
  WaitResult result;
  std::string output;  // the tail of stdout
  std::string errors;  // the tail of stderr
};

/// The child has a process group of its own, an empty signal mask, default dispositions, no
/// descriptor above 2, and dies with us (PR_SET_PDEATHSIG; a set-user-ID program loses that).
/// Returns when the program itself has ended, even if something it left behind still holds its
/// stderr. Throws only if we cannot run a child at all, and what `started` and `heard` throw: then
/// the child is killed first.
CapturedEnd run_captured(const CapturedRequest& request);

/// "exited with code 3", "was killed by SIGSEGV", "ran past its timeout of 2 s and was killed",
/// "could not be executed: No such file or directory"; nothing if it succeeded. Pure.
std::optional<std::string> describe_failure(const CapturedRequest& request, const CapturedEnd& end);

/// The last lines of stderr, or of stdout if that is silent, on one line: for the end of a
/// sentence. Pure.
std::string last_words(const CapturedEnd& end);

}  // namespace asylum::sys
