// SPDX-License-Identifier: Apache-2.0
// What the program and its late helper say to each other; README.md has the order.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "runtime/base/error.h"

namespace asylum::late {

/// A row of a mount table, as libmount reads it: escapes undone. Source: proc_pid_mountinfo(5).
struct MountRow {
  std::uint64_t id = 0;
  std::uint64_t parent_id = 0;
  std::string root;         // within its file system
  std::string mount_point;  // as seen from the reader's root
  std::string fs_type;
  std::string options;  // of the mount, "rw,nosuid"

  bool operator==(const MountRow&) const = default;
};

enum class Word : std::uint8_t {
  want_mounts,  // program → helper: the mount table of your mount namespace; text = our version
  mount,        // helper → program: one row of it
  end,          // all rows are sent
  failed,       // instead: error
};

struct Message {
  Word word{};
  std::string text{};
  MountRow mount{};
  std::optional<Error> error{};
};

/// Bytes of one datagram; every string is cut at 4 KiB. Pure.
std::string encode(const Message& message);
/// Throws ErrorKind::internal if the bytes are not a message (fuzzed).
Message decode(std::string_view bytes);

}  // namespace asylum::late
