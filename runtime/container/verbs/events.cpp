// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/verbs/events.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/statistics.h"
#include "runtime/container/state/existing.h"
#include "runtime/container/verbs/event_text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/poll.h"

namespace asylum::container {
namespace {

constexpr std::int64_t kNanosecondsInMillisecond = 1'000'000;

void check_interval(const EventsOptions& options) {
  if (options.once || options.interval_ns > 0) return;
  throw Error(ErrorKind::invalid_usage, "duration interval must be greater than 0");
}

cgroup::Cgroup cgroup_of(const Settings& settings, const std::string& id) {
  const Container container(settings, id);
  container.require(Verb::events);
  return container.cgroup(", and so no statistics");
}

/// A flat keyed file that the kernel notifies of. Reading it arms the next notification.
class EventFile {
 public:
  EventFile(const cgroup::Cgroup& cgroup, const char* name)
      : file_(sys::try_open_beneath(cgroup.fd(), name, O_RDONLY)) {}

  pollfd to_poll() const { return {file_ ? file_->get() : -1, POLLPRI, 0}; }

  /// 0 where there is no such file, or the cgroup is gone.
  std::uint64_t read(const char* key) const {
    if (!file_) return 0;
    if (::lseek(file_->get(), 0, SEEK_SET) < 0) throw_os("lseek", errno, "rewind an event file");
    try {
      const auto values = cgroup::parse_flat_keyed(sys::read_all(file_->get()));
      const auto found = values.find(key);
      return found == values.end() ? 0 : found->second;
    } catch (const Error& error) {
      if (error.err == ENODEV) return 0;
      throw;
    }
  }

 private:
  std::optional<sys::Fd> file_;
};

}  // namespace

void events(const Settings& settings, const EventsOptions& options,
            const std::function<void(const std::string& line)>& print) {
  check_interval(options);
  const cgroup::Cgroup cgroup = cgroup_of(settings, options.id);
  if (options.once) {
    return print(stats_event(options.id, cgroup::read_statistics(cgroup.fd())));
  }
  const std::int64_t interval_ms =
      std::max<std::int64_t>(1, options.interval_ns / kNanosecondsInMillisecond);
  const EventFile life(cgroup, "cgroup.events");
  const EventFile memory(cgroup, "memory.events");
  std::uint64_t kills = memory.read("oom_kill");
  auto tick = sys::Deadline::after_ms(interval_ms);
  while (true) {
    // The memory file first: a kill that ends the container is still told.
    const std::uint64_t now = memory.read("oom_kill");
    for (; kills < now; ++kills) print(oom_event(options.id));
    if (life.read("populated") == 0) return;
    std::array<pollfd, 2> waited{life.to_poll(), memory.to_poll()};
    if (sys::wait_for_any(waited, tick) != 0) continue;
    print(stats_event(options.id, cgroup::read_statistics(cgroup.fd())));
    tick = sys::Deadline::after_ms(interval_ms);
  }
}

}  // namespace asylum::container
