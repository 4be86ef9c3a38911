// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/main/open_gate.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/process/both/message.h"
#include "runtime/process/main/explain_death.h"
#include "runtime/sys/fifo.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/procfs.h"

namespace asylum::process {
namespace {

// What init wrote until its end of the answer FIFO was closed, by execve or by death.
struct Answer {
  bool executing = false;
  std::string program;
  std::optional<Error> error;  // after `executing`: execve came back
};

Answer parse_answer(std::string_view bytes) {
  Answer answer;
  const std::size_t end = bytes.find(kProgramEnd);
  if (bytes.starts_with(kExecuting) && end != std::string_view::npos) {
    answer.executing = true;
    answer.program = bytes.substr(1, end - 1);
    bytes.remove_prefix(end + 1);
  }
  if (!bytes.empty()) answer.error = decode_error(bytes);
  return answer;
}

// Init, and who can tell why it ended.
struct Watched {
  int pid;
  int pidfd;
  int cgroup;
  const ProfileSource& profile;
};

[[noreturn]] void throw_death(const Watched& init, FilterStage reached, std::string_view stage) {
  const Death death = examine_death(init.pid, init.pidfd, init.cgroup, sys::Deadline::patience());
  std::optional<FilterBlame> blame;
  if (death.status && init.profile) {
    const auto seccomp = init.profile();
    if (seccomp) blame = blame_for_death(*seccomp, reached, *death.status);
  }
  throw explain(death, ErrorKind::exec_failed, stage, blame);
}

// Init may have been killed at the gate a moment ago: then the answer's end of file tells, and why.
void say_go(int fd) {
  try {
    sys::write_all(fd, "!");
  } catch (const Error& error) {
    if (error.err != EPIPE) throw;
  }
}

// Whether init is still what waits at the gate: alive, and under the name that it has until execve.
bool bears_its_name(int pid) {
  const auto stat = sys::Procfs::open_host().try_read(cat(pid, "/stat"));
  const auto trace = stat ? parse_exec_trace(*stat) : std::nullopt;
  return trace && !trace->is_dead && trace->comm == kInitName;
}

// All that init has to say. It ends with its end of the answer, which execve and death close; but a
// process of the container may have opened that in /proc (with CAP_SYS_PTRACE) and hold it, so init
// itself is looked at too. What it wrote is in the pipe before it becomes another program or a
// corpse, so that one more look afterwards misses nothing.
std::string read_answer(int answer, const Watched& init) {
  constexpr std::size_t kLargest = 1U << 20;
  constexpr std::int64_t kLookMs = 20;
  std::string bytes;
  bool is_over = false;
  while (true) {
    std::array<pollfd, 2> fds{pollfd{answer, POLLIN, 0}, pollfd{init.pidfd, POLLIN, 0}};
    // The kernel tells nobody of an execve; before `executing` there is none to look for.
    const bool looks = bytes.starts_with(kExecuting);
    sys::wait_for_any(fds, is_over ? sys::Deadline::after_ms(0)
                           : looks ? sys::Deadline::after_ms(kLookMs)
                                   : sys::Deadline::never());
    if (fds[0].revents != 0) {
      char chunk[4096];
      const ssize_t n = ::read(answer, chunk, sizeof chunk);
      if (n < 0) throw_os("read", errno, "read the answer of init");
      if (n == 0) return bytes;
      bytes.append(chunk, static_cast<std::size_t>(n));
      if (bytes.size() > kLargest) throw_os("read", EFBIG, "read the answer of init");
    } else if (is_over) {
      return bytes;
    } else {
      is_over = fds[1].revents != 0 || (looks && !bears_its_name(init.pid));
    }
  }
}

Answer pass_gate(int state_directory, const Watched& init) {
  // The answer's reader must exist before init may write: see GateEnds.
  const sys::Fd answer =
      sys::open_fifo_reader(state_directory, kAnswerName, /*blocking_reads=*/true);
  const auto go = sys::try_open_fifo_writer(state_directory, kGoName);
  if (!go) throw_death(init, FilterStage::gate, "at the start gate");
  say_go(go->get());
  return parse_answer(read_answer(answer.get(), init));
}

void remove_gate(int state_directory) {
  (void)sys::try_remove_at(state_directory, kGoName);
  (void)sys::try_remove_at(state_directory, kAnswerName);
}

void judge(Answer answer, const Watched& init) {
  if (answer.error) {
    Step::enclose(*answer.error);
    throw std::move(*answer.error);
  }
  if (!answer.executing) {
    throw_death(init, FilterStage::gate, "between the start gate and execve");
  }
  if (died_in_execve(init.pid, init.pidfd)) {
    throw_death(init, FilterStage::execve, cat("during execve of ", quote(answer.program)));
  }
}

void wait_for_execve(int state_directory, const Watched& init) {
  Step step{"execute the program", "/process/args"};
  judge(pass_gate(state_directory, init), init);
}

}  // namespace

bool is_init_at_gate(int state_directory, int init_pid) {
  return sys::try_open_fifo_writer(state_directory, kGoName).has_value() &&
         bears_its_name(init_pid);
}

void open_gate(int state_directory, int init_pidfd, int init_pid, int cgroup,
               const ProfileSource& profile) {
  try {
    wait_for_execve(state_directory, {init_pid, init_pidfd, cgroup, profile});
  } catch (...) {
    remove_gate(state_directory);
    throw;
  }
  remove_gate(state_directory);
}

void open_gate(PipeGate& gate, int pidfd, int pid, int cgroup, const ProfileSource& profile) {
  Step step{"execute the program", "/process/args"};
  const Watched init{pid, pidfd, cgroup, profile};
  say_go(gate.go.get());
  judge(parse_answer(read_answer(gate.answer.get(), init)), init);
}

}  // namespace asylum::process
