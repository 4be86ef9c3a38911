// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/init/gate_end.h"

#include <errno.h>
#include <signal.h>
#include <unistd.h>

#include <string_view>

#include "runtime/base/text.h"
#include "runtime/process/both/message.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {
namespace {

/// 0 or an errno. With the container's filter in place this is nearly all that may be called.
int write_answer(const GateEnds& gate, std::string_view bytes) noexcept {
  while (!bytes.empty()) {
    const ssize_t n = ::write(gate.answer.get(), bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return n < 0 ? errno : EIO;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return 0;
}

extern "C" void die(int signal) {
  ::_exit(128 + signal);
}

}  // namespace

void die_of_signals_at_gate() {
  struct sigaction action {};
  action.sa_handler = die;
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    if (::sigaction(signal, &action, nullptr) != 0) {
      throw_os("rt_sigaction", errno, "handle the signals that end init at the gate");
    }
  }
}

void wait_for_go(const GateEnds& gate) {
  char byte = 0;
  for (;;) {
    const ssize_t n = ::read(gate.go.get(), &byte, 1);
    if (n == 1) return;
    if (n < 0 && errno == EINTR) continue;
    // We hold a write end ourselves, so end of file is as impossible as it looks.
    throw_os("read", n < 0 ? errno : EPIPE, "wait at the start gate");
  }
}

std::string executing_answer(std::string_view program) {
  return cat(kExecuting, program, kProgramEnd);
}

void answer_executing(const GateEnds& gate, std::string_view answer) {
  const int error_number = write_answer(gate, answer);
  if (error_number != 0) throw_os("write", error_number, "report that the program is executed");
}

void answer_error(const GateEnds& gate, const Error& error) noexcept {
  try {
    (void)write_answer(gate, encode_error(error));
  } catch (...) {
    // No memory for the answer: `start` explains our death instead.
  }
}

}  // namespace asylum::process
