// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/start_up.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cli/options.h"

namespace asylum::cli {
namespace {

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

}  // namespace

void open_missing_standard_streams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    // The lowest free number is `fd` itself: those below are open by now. No O_CLOEXEC: it is a
    // standard stream.
    if (!is_open(fd)) static_cast<void>(::open("/dev/null", O_RDWR));
  }
}

void guard_descriptors(std::uint32_t listen, std::uint32_t preserved) {
  const std::uint32_t first = STDERR_FILENO + 1 + listen;
  for (std::uint32_t i = 0; i < preserved; ++i) {
    if (is_open(static_cast<int>(first + i))) continue;
    throw_os("fcntl", errno, cat("unable to stat preserved-fd ", i, " (of ", preserved, ")"));
  }
  ::close_range(first + preserved, ~0U, CLOSE_RANGE_CLOEXEC);
}

void configure_log(const Arguments& arguments) {
  const GlobalOptions& options = arguments.global;
  const bool explains = arguments.command != nullptr && arguments.command->shows_details;
  log::Settings settings;
  settings.format = options.log_format;
  settings.level = options.debug ? log::Level::debug : options.log_level;
  settings.details = options.debug || explains || ::isatty(STDERR_FILENO) == 1;
  log::configure(settings);
  if (options.log_file.empty()) return;
  settings.file =
      ::open(options.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644);
  if (settings.file < 0) throw_os("open", errno, cat("open the log ", quote(options.log_file)));
  log::configure(settings);
}

}  // namespace asylum::cli
