// SPDX-License-Identifier: Apache-2.0
// What --version prints.
#pragma once

#include <string>

namespace asylum::cli {

/// Lines as runc prints them, but for the name in the first: version, commit (if built from a git
/// checkout), spec, libseccomp.
std::string version_text();

}  // namespace asylum::cli
