// SPDX-License-Identifier: Apache-2.0
// argv → Arguments, by the option tables. Pure.
#pragma once

#include <span>
#include <string_view>

#include "runtime/cli/options/arguments.h"
#include "runtime/cli/options/options.h"

namespace asylum::cli {

/// Options of the program stand before the command; those of a command anywhere after it, until
/// `--` (or until the first argument, where the rest belongs to a program). Written --name VALUE,
/// --name=VALUE, -name (as Go's flag package allows), -n VALUE, -nVALUE, -n=VALUE, and clustered:
/// -fq. Throws Error(invalid_usage) at the first mistake; what was understood before it stays in
/// `arguments`, so that the error can go to the log that was asked for.
void parse(std::span<const std::string_view> words, CommandTable commands, Arguments& arguments);

}  // namespace asylum::cli
