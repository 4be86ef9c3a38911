// SPDX-License-Identifier: Apache-2.0
// What is told from a whole mount table. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "runtime/late/both/words.h"

namespace asylum::late {

/// A whole procfs or sysfs: files that a container has masked can be read there.
struct KernelView {
  std::string mount_point;
  std::string fs_type;  // "proc", "sysfs"
  // Another mount lies over it or over a directory on the way to it, and is none of these: when all
  // of them are gone no path leads here all the same.
  bool covered = false;

  bool operator==(const KernelView&) const = default;
};

/// Those of a table, children before their parents.
std::vector<KernelView> kernel_views(const std::vector<MountRow>& table);

/// Whether `path` is `directory` or below it; both absolute and clean.
bool is_at_or_below(std::string_view path, std::string_view directory);

}  // namespace asylum::late
