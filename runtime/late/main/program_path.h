// SPDX-License-Identifier: Apache-2.0
// Runs in: main.
#pragma once

#include <string>

namespace asylum::late {

/// The path of our own program's file. One that was protected (design §8.4) runs from a mount or a
/// memory file without a path: then what argv[0] leads to, itself or by PATH, if it is the file
/// that this mount was cloned from; a copy in memory cannot be compared. "" if it cannot be told.
std::string program_path();

}  // namespace asylum::late
