// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/exit_code.h"

#include <errno.h>
#include <sysexits.h>

#include "runtime/base/error.h"
#include "runtime/sys/interruption.h"

namespace asylum::cli {
namespace {

constexpr int kTimedOut = 124;  // timeout(1)
constexpr int kNotExecutable = 126;
constexpr int kNotFound = 127;

// As a shell counts a process that a signal has ended.
int code_of_interruption(const Error& error) {
  const auto* interruption = dynamic_cast<const sys::Interruption*>(&error);
  return 128 + (interruption != nullptr ? interruption->signal : 0);
}

}  // namespace

int exit_code_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::invalid_usage:
      return EX_USAGE;
    case ErrorKind::invalid_config:
      return EX_CONFIG;
    case ErrorKind::unsupported:
      return EX_UNAVAILABLE;
    case ErrorKind::not_found:
      return EX_NOINPUT;
    case ErrorKind::already_exists:
      return EX_CANTCREAT;
    case ErrorKind::wrong_state:
      return EX_TEMPFAIL;
    case ErrorKind::denied:
      return EX_NOPERM;
    case ErrorKind::os:
      return EX_OSERR;
    case ErrorKind::timed_out:
      return kTimedOut;
    case ErrorKind::interrupted:
      return code_of_interruption(error);
    case ErrorKind::exec_failed:
      return error.err == ENOENT ? kNotFound : kNotExecutable;
    case ErrorKind::internal:
      return EX_SOFTWARE;
  }
  return EX_SOFTWARE;
}

}  // namespace asylum::cli
