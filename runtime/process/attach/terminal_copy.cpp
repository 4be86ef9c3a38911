// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/attach/terminal_copy.h"

#include <errno.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/terminal.h"

namespace asylum::process {
namespace {

// PIPE_BUF: what POLLOUT of a pipe promises room for. Our stdio is shared with others, so it stays
// blocking.
constexpr std::size_t kChunk = 4096;

enum class Order : std::size_t { input, master, output };
constexpr std::size_t at(Order order) {
  return static_cast<std::size_t>(order);
}

// Bytes moved; 0 when there is nothing now; -1 at the end, whatever ended it.
ssize_t outcome(ssize_t n) {
  if (n > 0) return n;
  return n < 0 && (errno == EAGAIN || errno == EINTR) ? 0 : -1;
}

}  // namespace

TerminalCopy::TerminalCopy(sys::Fd master, int input, int output)
    : master_(std::move(master)),
      peer_(sys::open_peer(master_.get())),
      input_(input),
      output_(output) {
  sys::set_nonblocking(master_.get(), true);  // its open file is ours alone
}

void TerminalCopy::take_terminal() {
  resize();
  // A background job that makes the shell's terminal raw would break the shell; SIGTTOU, which else
  // prevents it, is blocked here.
  if (saved_ || !sys::is_terminal(input_)) return;
  in_background_ = ::tcgetpgrp(input_) != ::getpgrp();
  if (in_background_) return;
  saved_ = sys::make_raw(input_);
}

void TerminalCopy::leave_terminal() noexcept {
  if (!saved_) return;
  sys::restore_terminal(input_, *saved_);
  saved_.reset();
}

void TerminalCopy::resize() {
  for (const int fd : {input_, output_, STDERR_FILENO}) {
    const auto size = sys::try_get_window_size(fd);
    if (!size || size->rows == 0 || size->columns == 0) continue;
    return sys::set_window_size(master_.get(), *size);
  }
}

void TerminalCopy::want(std::span<pollfd, kPolled> fds) const {
  const bool reads_input =
      input_open_ && master_open_ && to_master_.size() < kChunk && !in_background_;
  fds[at(Order::input)] = {reads_input ? input_ : -1, POLLIN, 0};
  short master_events = to_output_.size() < kChunk ? POLLIN : 0;
  if (!to_master_.empty()) master_events = static_cast<short>(master_events | POLLOUT);
  fds[at(Order::master)] = {master_open_ && master_events != 0 ? master_.get() : -1, master_events,
                            0};
  fds[at(Order::output)] = {to_output_.empty() ? -1 : output_, POLLOUT, 0};
}

void TerminalCopy::move(std::span<const pollfd, kPolled> fds) {
  if (fds[at(Order::input)].revents != 0) read_input();
  if ((fds[at(Order::master)].revents & (POLLIN | POLLHUP | POLLERR)) != 0) read_master();
  if ((fds[at(Order::master)].revents & POLLOUT) != 0) write_master();
  if (fds[at(Order::output)].revents != 0) write_output();
}

void TerminalCopy::read_input() {
  std::array<char, kChunk> buffer;
  const ssize_t n = outcome(::read(input_, buffer.data(), buffer.size()));
  if (n < 0) return end_input();
  if (n == 0) return;
  to_master_.append(buffer.data(), static_cast<std::size_t>(n));
  last_input_ = to_master_.back();
}

// `echo text | asylum-runc run x`: the program must see an end of file too. On a terminal that is a
// character, twice where it must first push out an unfinished line.
void TerminalCopy::end_input() {
  input_open_ = false;
  termios modes{};
  if (::tcgetattr(master_.get(), &modes) != 0 || (modes.c_lflag & ICANON) == 0) return;
  const char end = static_cast<char>(modes.c_cc[VEOF]);
  to_master_.append(last_input_ == '\n' ? 1 : 2, end);
}

void TerminalCopy::write_master() {
  const ssize_t n = outcome(::write(master_.get(), to_master_.data(), to_master_.size()));
  if (n < 0) return to_master_.clear();  // reading it tells why
  to_master_.erase(0, static_cast<std::size_t>(n));
}

void TerminalCopy::read_master() {
  std::array<char, kChunk> buffer;
  const ssize_t n = outcome(::read(master_.get(), buffer.data(), buffer.size()));
  if (n < 0) {  // EIO: no process has the other side open
    master_open_ = false;
    return;
  }
  if (output_open_) to_output_.append(buffer.data(), static_cast<std::size_t>(n));
}

// A closed stdout must not stop the container: the rest is read and dropped.
void TerminalCopy::write_output() {
  const ssize_t n =
      outcome(::write(output_, to_output_.data(), std::min(to_output_.size(), kChunk)));
  if (n < 0) {
    output_open_ = false;
    return to_output_.clear();
  }
  to_output_.erase(0, static_cast<std::size_t>(n));
}

void TerminalCopy::drain(std::int64_t silence_ms) {
  peer_.reset();
  while (master_open_ || !to_output_.empty()) {
    std::array<pollfd, 2> fds{
        pollfd{master_open_ && to_output_.size() < kChunk ? master_.get() : -1, POLLIN, 0},
        pollfd{to_output_.empty() ? -1 : output_, POLLOUT, 0}};
    // Our own stdout may be slow without being silent.
    const auto deadline =
        to_output_.empty() ? sys::Deadline::after_ms(silence_ms) : sys::Deadline::never();
    if (sys::wait_for_any(fds, deadline) == 0) return;
    if (fds[0].revents != 0) read_master();
    if (fds[1].revents != 0) write_output();
  }
}

}  // namespace asylum::process
