// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/log.h"

#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "runtime/base/clock_text.h"
#include "runtime/base/error.h"
#include "runtime/base/line_text.h"
#include "runtime/base/report.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"

namespace asylum::log {
namespace {

struct State {
  Settings settings;
  Relay relay;
  std::vector<std::string> warnings;  // held for the failure's record
};

State& state() {
  static State instance;
  return instance;
}

std::string time_now() {
  timespec now{};
  ::clock_gettime(CLOCK_REALTIME, &now);
  return rfc3339(now.tv_sec, static_cast<std::uint32_t>(now.tv_nsec), /*digits=*/6);
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return;  // a full disk must not hide the failure that stderr still gets
    text.remove_prefix(static_cast<std::size_t>(n));
  }
}

std::string line_of(Level level, std::string_view text) {
  const char* name = level == Level::debug ? "debug" : level == Level::info ? "info" : "warning";
  if (state().settings.format == Format::json) return json_record(name, text, time_now());
  return cat("asylum-runc: ", name, ": ", on_one_line(text), "\n");
}

void write_line(Level level, std::string_view text) {
  const Settings& settings = state().settings;
  write_all(settings.file >= 0 ? settings.file : STDERR_FILENO, line_of(level, text));
}

}  // namespace

void configure(const Settings& settings) {
  state().settings = settings;
}

bool is_on(Level level) {
  return level <= state().settings.level;
}

void relay_to(Relay relay) {
  state().relay = std::move(relay);
}

void debug(std::string_view text) {
  if (!is_on(Level::debug)) return;
  if (state().relay) return state().relay(Level::debug, text, {});
  write_line(Level::debug, text);
}

void warning(std::string_view text, std::string_view pointer) {
  if (state().relay) return state().relay(Level::warning, text, pointer);
  const std::string line =
      pointer.empty() ? std::string(text) : cat(text, " (config.json#", pointer, ")");
  state().warnings.push_back(line);
  if (!is_on(Level::warning)) return;
  if (state().settings.file >= 0 && !is_on(Level::debug)) return;
  write_line(Level::warning, line);
}

void failure(const Error& error) {
  const Settings& settings = state().settings;
  const bool json = settings.format == Format::json;
  const std::string record = json_record(error, time_now(), state().warnings);
  if (settings.file >= 0) {
    constexpr std::size_t kWhole = 8192;
    const std::string message = quote(sentence_of(error), kWhole);
    write_all(settings.file,
              json ? record : cat("time=", quote(time_now()), " level=error msg=", message, "\n"));
  } else if (json) {
    return write_all(STDERR_FILENO, record);
  }
  // Engines keep the last line: off a terminal the sentence comes after its details.
  const std::string sentence = cat("asylum-runc: ", sentence_of(error), "\n");
  if (!settings.details) return write_all(STDERR_FILENO, sentence);
  const bool terminal = ::isatty(STDERR_FILENO) == 1;
  write_all(STDERR_FILENO, terminal ? sentence + details_of(error) : details_of(error) + sentence);
}

}  // namespace asylum::log
