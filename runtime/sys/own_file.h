// SPDX-License-Identifier: Apache-2.0
// Files and directories that this program has made and believes later: what a record names is
// killed, executed, removed. So nobody else may have written them.
#pragma once

#include <sys/stat.h>

#include <cstddef>
#include <optional>
#include <string>

namespace asylum::sys {

/// No file of ours is larger, so whatever was written can be read. A config has at most 16 MiB; its
/// record repeats parts of it with up to three bytes for one, and a line's words around them.
inline constexpr std::size_t kLargestOwnFile = 64U << 20;

/// Why its content is not believed, as a clause without subject: "belongs to uid 1000", "may be
/// written by others (mode 0777)"; "" = it is ours or root's and nobody else can change it. In a
/// directory with the sticky bit others can add names, but not replace ours.
std::string distrust(const struct ::stat& status);

/// Whether an errno says something of this process (no descriptor, no memory left), and nothing of
/// the file.
bool is_shortage(int error_number);

/// The whole file; nothing if there is none. Follows no link and waits for nobody. Throws denied
/// for what is no regular file or is distrusted.
std::optional<std::string> try_read_own_file(int dir, const std::string& name);
/// The same; a missing one throws as well.
std::string read_own_file(int dir, const std::string& name);

/// The same where everything that is wrong with the file is an answer.
struct OwnFile {
  std::optional<std::string> text;  // nothing if there is no file, or none to be believed
  std::string fault;                // a sentence; "" = none
};
/// Throws only for a shortage.
OwnFile look_at_own_file(int dir, const std::string& name);

}  // namespace asylum::sys
