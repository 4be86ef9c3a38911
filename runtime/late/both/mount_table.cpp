// SPDX-License-Identifier: Apache-2.0
#include "runtime/late/both/mount_table.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace asylum::late {
namespace {

bool is_kernel_view(const MountRow& row) {
  return row.root == "/" && (row.fs_type == "proc" || row.fs_type == "sysfs");
}

const MountRow* find_row(const std::vector<MountRow>& table, std::uint64_t id) {
  const auto found =
      std::find_if(table.begin(), table.end(), [id](const MountRow& row) { return row.id == id; });
  return found == table.end() ? nullptr : &*found;
}

bool is_covered(const std::vector<MountRow>& table, const MountRow& row, std::size_t depth);

/// Whether `other` stays where it is, or does not but is itself out of reach.
bool covers_for_good(const std::vector<MountRow>& table, const MountRow& other, std::size_t depth) {
  return !is_kernel_view(other) || is_covered(table, other, depth + 1);
}

/// Upwards from the row: what is mounted on its own root hides it, and so does what is mounted,
/// beside a mount that the way leads through, on a directory before that mount's.
bool is_covered(const std::vector<MountRow>& table, const MountRow& row, std::size_t depth) {
  if (depth > table.size()) return false;  // no table of a kernel: then nothing is believed of it
  const MountRow* from = nullptr;
  const MountRow* at = &row;
  for (std::size_t level = 0; at != nullptr && level <= table.size(); ++level) {
    for (const MountRow& other : table) {
      if (other.parent_id != at->id || other.id == at->id || &other == from) continue;
      const bool hides = from == nullptr ? other.mount_point == row.mount_point
                                         : other.mount_point != from->mount_point &&
                                               is_at_or_below(from->mount_point, other.mount_point);
      if (hides && covers_for_good(table, other, depth)) return true;
    }
    from = at;
    at = at->parent_id == at->id ? nullptr : find_row(table, at->parent_id);
  }
  return false;
}

}  // namespace

bool is_at_or_below(std::string_view path, std::string_view directory) {
  if (directory == "/") return true;
  return path.starts_with(directory) &&
         (path.size() == directory.size() || path[directory.size()] == '/');
}

std::vector<KernelView> kernel_views(const std::vector<MountRow>& table) {
  std::vector<KernelView> views;
  for (auto row = table.rbegin(); row != table.rend(); ++row) {
    if (!is_kernel_view(*row)) continue;
    views.push_back({row->mount_point, row->fs_type, is_covered(table, *row, 0)});
  }
  return views;
}

}  // namespace asylum::late
