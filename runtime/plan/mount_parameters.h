// SPDX-License-Identifier: Apache-2.0
// What of a mount's options belongs to the file system itself: superblock words and data for
// fsconfig(2).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/plan/types/findings.h"
#include "runtime/plan/types/root.h"

namespace asylum::spec {
struct Mount;
}

namespace asylum::plan {

/// The superblock words as fsconfig flags. A new file system needs only those set; for a remount
/// the words that take a flag away count too ("async"). `readonly`: the "ro" word reaches the
/// superblock as well, as it does with mount(2). Words that the mount API has no way to carry are
/// warned of.
std::vector<FsParameter> superblock_parameters(const spec::Mount& mount, const std::string& pointer,
                                               bool is_new, bool readonly, Findings& findings);

/// Adds the words no table knows as key or key=value. An element may hold several, comma-separated,
/// as the data string of mount(2) does; commas in double quotes or after a backslash do not
/// separate.
void add_data(const spec::Mount& mount, const std::string& pointer,
              std::vector<FsParameter>& parameters);

bool has_parameter(const std::vector<FsParameter>& parameters, std::string_view key);

/// For binds: "sync" and its like belong to the file system and are left alone, with a warning.
void warn_superblock_words(const spec::Mount& mount, const std::string& pointer,
                           Findings& findings);

}  // namespace asylum::plan
