// SPDX-License-Identifier: Apache-2.0
// --exit-codes: what kind of failure it was, as a number.
#pragma once

namespace asylum {
class Error;
}

namespace asylum::cli {

/// One number for each ErrorKind, as sysexits.h has them where it has a word for it, and as a shell
/// has them for programs: 126 not executable, 127 not found. The manual page lists them; they are
/// stable.
int exit_code_of(const Error& error);

}  // namespace asylum::cli
