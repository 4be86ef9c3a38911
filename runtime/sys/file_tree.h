// SPDX-License-Identifier: Apache-2.0
// Directories: making, listing, links, removal. `dir` is a directory descriptor or AT_FDCWD; a `name` is
// one component.
#pragma once

#include <sys/stat.h>
#include <optional>
#include <string>
#include <vector>

namespace asylum::sys {

/// mkdirat(2), exclusive. Throws, EEXIST too.
void make_directory_at(int dir, const std::string& name, mode_t mode);
/// false if something of that name exists; throws for all else.
[[nodiscard]] bool try_make_directory_at(int dir, const std::string& name, mode_t mode);

/// unlinkat(2) of one name; `flags` is 0 or AT_REMOVEDIR. Throws, ENOENT too.
void remove_at(int dir, const std::string& name, int flags = 0);
/// nullopt when removed, else the errno.
[[nodiscard]] std::optional<int> try_remove_at(int dir, const std::string& name, int flags = 0);

/// Removes NAME and all below, by descriptor; never follows a link, never leaves the file system it
/// began on. What is not there (any more) is fine. Throws.
void remove_tree_at(int dir, const std::string& name);

/// Names without "." and "..", sorted. Reads through an own open file, so the descriptor's offset
/// is left alone (but `dir` must not be O_PATH-unreadable). Throws.
std::vector<std::string> list_directory(int dir);

/// One-component link target. Throws.
std::string read_link_at(int dir, const std::string& path);

}  // namespace asylum::sys
