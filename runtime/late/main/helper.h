// SPDX-License-Identifier: Apache-2.0
// The second program: where it is, and what it is asked. Never on the path of a plain start.
// Runs in: main.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "runtime/late/both/words.h"
#include "runtime/sys/fd.h"

namespace asylum::late {

inline constexpr const char* kHelperName = "asylum-runc-late";

struct Helper {
  std::string path;  // for people; what is executed is the descriptor
  sys::Fd file;      // O_PATH
};

/// The helper beside this program (a build tree), in the directory for such programs as it lies to
/// ours (an installed tree, wherever it was put), or there where it was configured to be. Its file
/// and directory belong to root or to us, and nobody else may write them: denied otherwise.
/// not_found names it where there is none.
Helper find_helper();

/// This process's mount table. Kills the helper after `timeout_s`. Throws what the helper reports,
/// or an Error that names it and says how it ended.
std::vector<MountRow> read_mount_table(const Helper& helper, std::uint32_t timeout_s = 10);
/// The same with the helper that is found.
std::vector<MountRow> read_mount_table();

}  // namespace asylum::late
