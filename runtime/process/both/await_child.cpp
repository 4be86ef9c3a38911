// SPDX-License-Identifier: Apache-2.0
// Runs in: main.
#include "runtime/process/both/await_child.h"

#include <signal.h>

#include <array>
#include <optional>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/proc_text.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/procfs.h"

namespace asylum::process {
namespace {

// A process that is held still makes no event that could be waited for: it is looked at.
constexpr std::int64_t kLookMs = 500;

enum class Held : std::uint8_t { no, stopped, frozen };

Held how_is_held(const AwaitedChild& child) {
  const sys::Procfs procfs = sys::Procfs::open_host();
  const auto text = sys::try_read_file_at(procfs.root(), cat(child.pid, "/stat"));
  const auto stat = text ? sys::parse_stat(*text) : std::nullopt;
  // 't': by a tracer, whom the container's own CAP_SYS_PTRACE allows to hold it.
  if (stat && (stat->state == 'T' || stat->state == 't')) return Held::stopped;
  return child.is_frozen && child.is_frozen(child.pid) ? Held::frozen : Held::no;
}

[[noreturn]] void give_up(const AwaitedChild& child, Held held, std::int64_t after_ms) {
  const std::string_view verb = held == Held::frozen ? "froze" : "stopped";
  static_cast<void>(sys::try_send_signal(child.pidfd, SIGKILL));
  throw Error(ErrorKind::denied, cat("the container ", verb,
                                     " the process that was being started; it was killed after ",
                                     after_ms / 1000, " s"))
      .with_hint(
          held == Held::frozen
              ? "a process of the container has frozen its cgroup: look at cgroup.freeze there"
              : "a process of the container sends SIGSTOP or traces what enters it");
}

}  // namespace

bool await_child(int fd, const AwaitedChild& child, std::int64_t stillness_ms) {
  std::optional<sys::Deadline> end_of_patience;  // while it is held still
  for (;;) {
    std::array<pollfd, 2> either{pollfd{fd, POLLIN, 0}, pollfd{child.pidfd, POLLIN, 0}};
    if (sys::wait_for_any(either, child.deadline.or_after_ms(kLookMs)) > 0) {
      // It may have spoken between the looks at the two.
      return either[0].revents != 0 || sys::wait_for(fd, POLLIN, sys::Deadline::after_ms(0));
    }
    if (child.deadline.passed()) {
      static_cast<void>(sys::try_send_signal(child.pidfd, SIGKILL));
      throw Error(ErrorKind::timed_out, "the process was not started in the time that it has");
    }
    const Held held = how_is_held(child);
    if (held == Held::no) {
      end_of_patience.reset();
    } else if (!end_of_patience) {
      end_of_patience = sys::Deadline::after_ms(stillness_ms);
    } else if (end_of_patience->passed()) {
      give_up(child, held, stillness_ms);
    }
  }
}

}  // namespace asylum::process
