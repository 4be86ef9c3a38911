// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/user_names.h"

#include <fcntl.h>

#include "runtime/base/text.h"
#include "runtime/sys/file.h"

namespace asylum::container {

std::optional<std::string> user_name_of(uid_t uid) {
  constexpr std::size_t kLargest = 16U << 20;
  const auto text = sys::try_read_file_at(AT_FDCWD, "/etc/passwd", kLargest);
  if (!text) return std::nullopt;
  const std::string wanted = cat(uid);
  for (const std::string_view line : split(*text, '\n')) {
    const auto fields = split(line, ':');
    if (fields.size() > 2 && fields[2] == wanted && !fields[0].empty())
      return std::string(fields[0]);
  }
  return std::nullopt;
}

}  // namespace asylum::container
