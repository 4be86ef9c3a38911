// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/start_up.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cli/options/options.h"

namespace asylum::cli {
namespace {

constexpr std::uint32_t kFirst = STDERR_FILENO + 1;

bool is_open(int fd) {
  return ::fcntl(fd, F_GETFD) >= 0;
}

/// The first of `count` numbers from `first` on that is not open.
std::optional<std::uint32_t> find_closed(std::uint32_t first, std::uint32_t count) {
  constexpr std::uint32_t kHighest = std::numeric_limits<int>::max();
  for (std::uint32_t i = 0; i < count; ++i) {
    if (first > kHighest - i || !is_open(static_cast<int>(first + i))) return i;
  }
  return std::nullopt;
}

/// Who passes descriptors to a process knows its pid. Without LISTEN_PID the count may be left over
/// from whatever started our caller, and a count that does not fit what is open was not made for
/// us. (Engines give no LISTEN_PID, so it cannot be asked for.)
std::uint32_t count_passed(const ListenFds& claimed) {
  const auto closed = find_closed(kFirst, claimed.count);
  if (!closed) return claimed.count;
  if (!claimed.names_us) return 0;
  throw Error(ErrorKind::invalid_usage,
              cat("LISTEN_FDS says that ", claimed.count,
                  " descriptors were passed to this process, but descriptor ", kFirst + *closed,
                  " is not open"))
      .because_of("fcntl", EBADF)
      .with_hint("pass the descriptors on, or unset LISTEN_FDS and LISTEN_PID");
}

}  // namespace

void open_missing_standard_streams() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd) {
    // The lowest free number is `fd` itself: those below are open by now. No O_CLOEXEC: it is a
    // standard stream.
    if (!is_open(fd)) static_cast<void>(::open("/dev/null", O_RDWR));
  }
}

ListenFds read_listen_fds() {
  const char* count = ::getenv("LISTEN_FDS");
  const char* pid = ::getenv("LISTEN_PID");
  if (count == nullptr) return {};
  if (pid != nullptr && parse_u64(pid) != static_cast<std::uint64_t>(::getpid())) return {};
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  return {static_cast<std::uint32_t>(std::min(parse_u64(count).value_or(0), kMost)),
          pid != nullptr};
}

std::uint32_t guard_descriptors(const ListenFds& claimed, std::uint32_t preserved) {
  const std::uint32_t passed = count_passed(claimed);
  const std::uint32_t first = kFirst + passed;
  if (const auto closed = find_closed(first, preserved)) {
    throw Error(ErrorKind::invalid_usage, cat("unable to stat preserved-fd ", *closed, " (of ",
                                              preserved, "): descriptor ", first + *closed))
        .because_of("fcntl", EBADF)
        .with_hint("open it before, or lower --preserve-fds");
  }
  ::close_range(first + preserved, ~0U, CLOSE_RANGE_CLOEXEC);
  return passed;
}

std::vector<int> descriptors_named_in(std::span<const std::string_view> words) {
  std::vector<int> named;
  for (const std::string_view word : words) {
    for (const std::string_view place : {"/dev/fd/", "/proc/self/fd/"}) {
      const std::size_t at = word.find(place);
      if (at == std::string_view::npos) continue;
      std::string_view number = word.substr(at + place.size());
      const auto fd = parse_u64(number.substr(0, number.find('/')));
      if (!fd || *fd < kFirst || *fd > std::numeric_limits<int>::max()) continue;
      if (is_open(static_cast<int>(*fd))) named.push_back(static_cast<int>(*fd));
    }
  }
  return named;
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
      ::open(options.log_file.data(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0644);
  if (settings.file < 0) throw_os("open", errno, cat("open the log ", quote(options.log_file)));
  log::configure(settings);
}

}  // namespace asylum::cli
