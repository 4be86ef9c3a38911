// SPDX-License-Identifier: Apache-2.0
// Runs in: the late helper.
#pragma once

#include <functional>
#include <string>

#include "runtime/late/both/words.h"

namespace asylum::late {

/// The mount table in `file` (/proc/self/mountinfo), row by row in its order, by libmount. A line
/// that libmount cannot read is an error: nothing is left out. Throws.
void read_mounts(const std::string& file, const std::function<void(MountRow)>& take);

}  // namespace asylum::late
