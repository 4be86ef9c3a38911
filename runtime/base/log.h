// SPDX-License-Identifier: Apache-2.0
// Where words go: debug lines, warnings, and the one record of a failure.
//
// The contract with engines (Podman parses the whole log file as one JSON object): at most one
// error record a command; warnings reach a log file only at debug level, else they ride in the
// failure's record; without a log file they go to stderr before the error.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace asylum {

class Error;

namespace log {

enum class Level : std::uint8_t { error, warning, info, debug };
enum class Format : std::uint8_t { text, json };

struct Settings {
  int file = -1;                 // an open, append-only descriptor; -1 = stderr only
  Format format = Format::text;  // of the log file, or of stderr when there is none
  Level level = Level::warning;
  bool details = false;  // the failure's details on stderr as well (a terminal, or --debug)
};

void configure(const Settings& settings);
bool is_on(Level level);

void debug(std::string_view text);
void warning(std::string_view text, std::string_view pointer = {});

/// Writes the one error record of this command: to the log file and, as text, to stderr.
void failure(const Error& error);

/// In a child, lines go to main instead (a message); main calls the functions above with what
/// arrives.
using Relay = std::function<void(Level, std::string_view text, std::string_view pointer)>;
void relay_to(Relay relay);

}  // namespace log
}  // namespace asylum
