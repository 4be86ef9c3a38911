// SPDX-License-Identifier: Apache-2.0
// A file line by line, in memory that does not grow with it.
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>

namespace asylum::sys {

/// Gives each line, without its end, to `visit` until that returns false. `limit`: bytes of the
/// file in all. Throws what read(2) says, and EFBIG above the limit.
void for_each_line(int fd, std::size_t limit, const std::function<bool(std::string_view)>& visit);

}  // namespace asylum::sys
