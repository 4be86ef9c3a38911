// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/start_gate.h"

#include <errno.h>
#include <fcntl.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/process/explain_death.h"
#include "runtime/process/message.h"
#include "runtime/process/start_gate_wire.h"
#include "runtime/sys/fifo.h"
#include "runtime/sys/file.h"

namespace asylum::process {
namespace {

constexpr std::int64_t kDeathTimeoutMs = 10'000;

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
  const Death death = examine_death(init.pid, init.pidfd, init.cgroup, kDeathTimeoutMs);
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

Answer pass_gate(int state_directory, const Watched& init) {
  // The answer's reader must exist before init may write: see GateEnds.
  const sys::Fd answer =
      sys::open_fifo_reader(state_directory, kAnswerName, /*blocking_reads=*/true);
  const auto go = sys::try_open_fifo_writer(state_directory, kGoName);
  if (!go) throw_death(init, FilterStage::gate, "at the start gate");
  say_go(go->get());
  return parse_answer(sys::read_all(answer.get()));
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

GateEnds make_gate(int state_directory) {
  Step step{"make the start gate"};
  GateEnds ends;
  sys::make_fifo_at(state_directory, kGoName, 0600);
  sys::make_fifo_at(state_directory, kAnswerName, 0600);
  ends.go = sys::open_fifo_both(state_directory, kGoName);
  ends.answer = sys::open_fifo_both(state_directory, kAnswerName);
  return ends;
}

bool is_init_at_gate(int state_directory) {
  return sys::try_open_fifo_writer(state_directory, kGoName).has_value();
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

PipeGate make_pipe_gate() {
  sys::Pipe go = sys::make_pipe();
  sys::Pipe answer = sys::make_pipe();
  return {{std::move(go.read_end), std::move(answer.write_end)},
          std::move(go.write_end),
          std::move(answer.read_end)};
}

void open_gate(PipeGate& gate, int pidfd, int pid, int cgroup, const ProfileSource& profile) {
  Step step{"execute the program", "/process/args"};
  say_go(gate.go.get());
  judge(parse_answer(sys::read_all(gate.answer.get())), {pid, pidfd, cgroup, profile});
}

}  // namespace asylum::process
