// SPDX-License-Identifier: Apache-2.0
// Copies between our stdio and the container's terminal; ours is raw meanwhile if it is a terminal.
// Runs in: main, in the foreground of `run` and `exec`.
#pragma once

#include <poll.h>
#include <termios.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "runtime/sys/fd.h"

namespace asylum::process {

class TerminalCopy {
 public:
  /// `input` and `output` are our stdin and stdout; others in tests.
  explicit TerminalCopy(sys::Fd master, int input = 0, int output = 1);

  /// Makes our terminal raw and gives the container its size; in a background job neither, until
  /// SIGCONT.
  void take_terminal();
  /// Puts our terminal back as it was.
  void leave_terminal() noexcept;
  /// Gives the container's terminal our size.
  void resize();

  static constexpr std::size_t kPolled = 3;
  /// Fills in what to wait for.
  void want(std::span<pollfd, kPolled> fds) const;
  /// Copies what poll(2) found ready.
  void move(std::span<const pollfd, kPolled> fds);
  /// The rest of the output, until the other side is closed or silent for `silence_ms`.
  void drain(std::int64_t silence_ms);

 private:
  void read_input();
  void end_input();
  void write_master();
  void read_master();
  void write_output();

  sys::Fd master_;
  // Ours, so that a program that closes its terminal for a while does not look like the end.
  sys::Fd peer_;
  int input_;
  int output_;
  bool input_open_ = true;
  bool in_background_ = false;
  bool output_open_ = true;
  bool master_open_ = true;
  std::optional<termios> saved_;
  std::string to_master_;
  std::string to_output_;
  char last_input_ = '\n';
};

}  // namespace asylum::process
