// SPDX-License-Identifier: Apache-2.0
// The manual page asylum-runc(8): the tables' options and commands between sections of prose. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace asylum::cli {

/// One section whose text no table knows, in roff.
struct Prose {
  std::string_view heading;
  std::string_view text;  // ready roff, each line ending in a newline
};
std::span<const Prose> prose_before_options();
std::span<const Prose> prose_after_commands();

/// The page whole. contrib/man/asylum-runc.8 is its checked-in copy.
std::string man_page();

}  // namespace asylum::cli
