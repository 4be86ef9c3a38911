// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/both/start_gate.h"

#include <utility>

#include "runtime/base/step.h"
#include "runtime/sys/fifo.h"
#include "runtime/sys/file.h"

namespace asylum::process {

GateEnds make_gate(int state_directory) {
  Step step{"make the start gate"};
  GateEnds ends;
  sys::make_fifo_at(state_directory, kGoName, 0600);
  sys::make_fifo_at(state_directory, kAnswerName, 0600);
  ends.go = sys::open_fifo_both(state_directory, kGoName);
  ends.answer = sys::open_fifo_both(state_directory, kAnswerName);
  return ends;
}

PipeGate make_pipe_gate() {
  sys::Pipe go = sys::make_pipe();
  sys::Pipe answer = sys::make_pipe();
  return {{std::move(go.read_end), std::move(answer.write_end)},
          std::move(go.write_end),
          std::move(answer.read_end)};
}

}  // namespace asylum::process
