// SPDX-License-Identifier: Apache-2.0
// The manual page asylum-runc(8): the tables' options and commands in a page of prose. Pure.
#pragma once

#include <string>
#include <string_view>

namespace asylum::cli {

/// `prose` (contrib/man/asylum-runc.8.in, roff) with its lines @GLOBAL OPTIONS@ and @COMMANDS@
/// replaced by the sections that the tables give. contrib/man/asylum-runc.8 is the result.
std::string man_page(std::string_view prose);

}  // namespace asylum::cli
