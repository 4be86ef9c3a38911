// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/start_up.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

namespace asylum::cli {
namespace {

constexpr int kFirstPreserved = STDERR_FILENO + 1;
constexpr std::uint64_t kMostListenFds = 1U << 20;  // above any RLIMIT_NOFILE that is in use

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

std::uint32_t listen_fds() {
  const char* const pid = ::getenv("LISTEN_PID");
  const char* const count = ::getenv("LISTEN_FDS");
  if (pid == nullptr || count == nullptr) return 0;
  if (parse_i64(pid) != static_cast<std::int64_t>(::getpid())) return 0;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(parse_u64(count).value_or(0), kMostListenFds));
}

void guard_descriptors(std::uint32_t preserved) {
  for (std::uint32_t i = 0; i < preserved; ++i) {
    if (is_open(kFirstPreserved + static_cast<int>(i))) continue;
    throw_os("fcntl", errno, cat("unable to stat preserved-fd ", i, " (of ", preserved, ")"));
  }
  ::close_range(static_cast<unsigned>(kFirstPreserved) + preserved, ~0U, CLOSE_RANGE_CLOEXEC);
}

void configure_log(const GlobalOptions& options) {
  log::Settings settings;
  settings.format = options.log_format;
  settings.level = options.debug ? log::Level::debug : options.log_level;
  settings.details = options.debug || ::isatty(STDERR_FILENO) == 1;
  log::configure(settings);
  if (options.log_file.empty()) return;
  settings.file =
      ::open(options.log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644);
  if (settings.file < 0) throw_os("open", errno, cat("open the log ", quote(options.log_file)));
  log::configure(settings);
}

}  // namespace asylum::cli
