// SPDX-License-Identifier: Apache-2.0
// Runs in: main, delete, init; exec_child() in the child, between clone and execve.
#include "runtime/sys/process/captured_child.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "runtime/sys/fd.h"
#include "runtime/sys/file.h"
#include "runtime/sys/memory_file.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/signals.h"

namespace asylum::sys {
namespace {

// Everything the child needs, built before the clone.
struct Program {
  const char* path;
  char* const* argv;
  char* const* envp;
  pid_t parent;
  int input, output, errors, report;  // descriptors
};

// Runs in: the child. Reports why it could not execute the program as an errno.
[[noreturn]] void exec_child(void* context) noexcept {
  const Program& program = *static_cast<const Program*>(context);
  int error = 0;
  try {
    set_parent_death_signal(SIGKILL);
    if (::getppid() != program.parent) exit_now(1);  // died before the signal was asked for
    ::setpgid(0, 0);
    duplicate_to(program.input, STDIN_FILENO);
    duplicate_to(program.output, STDOUT_FILENO);
    duplicate_to(program.errors, STDERR_FILENO);
    // Ours are close-on-exec already; those that our caller preserved for the container are not the
    // hook's.
    close_range_cloexec(3);
    reset_signal_dispositions();
    clear_signal_mask();
    ::execve(program.path, program.argv, program.envp);
    error = errno;
  } catch (const Error& failure) {
    error = failure.err != 0 ? failure.err : EIO;
  } catch (...) {
    error = ENOMEM;
  }
  (void)!::write(program.report, &error, sizeof error);
  exit_now(127);
}

// One output stream of the child, of which only the end matters.
class Tail {
 public:
  Tail(Fd read_end, std::size_t size) : fd_(std::move(read_end)), size_(size) {
    set_nonblocking(fd_.get(), true);
  }

  pollfd wanted() const { return {fd_.get(), POLLIN, 0}; }

  /// Reads what is there; closes at end of file.
  void drain() {
    std::array<char, 4096> buffer;
    while (fd_) {
      const ssize_t n = ::read(fd_.get(), buffer.data(), buffer.size());
      if (n < 0 && errno == EINTR) continue;
      if (n < 0 && errno == EAGAIN) return;
      if (n <= 0) return fd_.reset();
      text_.append(buffer.data(), static_cast<std::size_t>(n));
      if (text_.size() > size_) text_.erase(0, text_.size() - size_);
    }
  }

  std::string take() { return std::move(text_); }

 private:
  Fd fd_;
  std::size_t size_;
  std::string text_;
};

Deadline deadline_of(const CapturedRequest& request) {
  if (!request.timeout_s) return Deadline::never();
  return Deadline::after_ms(std::int64_t{1000} * *request.timeout_s);
}

// What is waited for of a child: its end, its output, its messages.
struct Watched {
  int pidfd;
  Tail& output;
  Tail& errors;
  const Talk* talk;  // may be null

  int socket() const { return talk != nullptr ? talk->ours : -1; }  // poll(2) passes over -1
};

// Until the child has ended or the deadline has passed; true if it ended.
bool follow(const Watched& child, const Deadline& deadline) {
  for (;;) {
    std::array<pollfd, 4> fds{pollfd{child.pidfd, POLLIN, 0}, child.output.wanted(),
                              child.errors.wanted(), pollfd{child.socket(), POLLIN, 0}};
    if (wait_for_any(fds, deadline) == 0) return false;
    if (fds[1].revents != 0) child.output.drain();
    if (fds[2].revents != 0) child.errors.drain();
    if (fds[3].revents != 0) child.talk->heard();
    if (fds[0].revents != 0) return true;
  }
}

void hear_the_rest(const Watched& child) {
  while (child.talk != nullptr && wait_for(child.socket(), POLLIN, Deadline::after_ms(0))) {
    child.talk->heard();
  }
}

int read_report(int fd) {
  int error = 0;
  return ::read(fd, &error, sizeof error) == static_cast<ssize_t>(sizeof error) ? error : 0;
}

// Kills a child that we leave behind by an exception or a timeout, and what it started.
void kill_group(const Child& child) {
  ::kill(-child.pid, SIGKILL);                        // unreaped, so the group is still the child's
  (void)try_send_signal(child.pidfd.get(), SIGKILL);  // if it had no time to make its group
}

}  // namespace

CapturedEnd run_captured(const CapturedRequest& request) {
  // A file: no EPIPE if nobody reads it.
  const Fd input = request.talk == nullptr ? make_sealed_file("stdin", request.input) : Fd();
  Pipe output = make_pipe();
  Pipe errors = make_pipe();
  Pipe report = make_pipe();
  const auto argv = to_exec_array(request.args);
  std::vector<char*> env;
  if (request.env != nullptr) env = to_exec_array(*request.env);
  Program program{request.path.c_str(),
                  argv.data(),
                  request.env != nullptr ? env.data() : environ,
                  ::getpid(),
                  request.talk == nullptr ? input.get() : request.talk->theirs,
                  output.write_end.get(),
                  errors.write_end.get(),
                  report.write_end.get()};
  const Child child = clone_process({}, exec_child, &program);
  output.write_end.reset();
  errors.write_end.reset();
  report.write_end.reset();

  Tail out(std::move(output.read_end), request.keep);
  Tail err(std::move(errors.read_end), request.keep);
  const Watched watched{child.pidfd.get(), out, err, request.talk};
  CapturedEnd end;
  try {
    if (request.started) request.started(child.pid);
    end.timed_out = !follow(watched, deadline_of(request));
    if (!end.timed_out) hear_the_rest(watched);
  } catch (...) {
    kill_group(child);
    (void)wait_pidfd(child.pidfd.get());
    throw;
  }
  if (end.timed_out) kill_group(child);
  end.result = *wait_pidfd(child.pidfd.get());
  out.drain();
  err.drain();
  end.exec_errno = read_report(report.read_end.get());
  end.output = out.take();
  end.errors = err.take();
  return end;
}

std::optional<std::string> describe_failure(const CapturedRequest& request,
                                            const CapturedEnd& end) {
  if (end.exec_errno != 0) return cat("could not be executed: ", errno_words(end.exec_errno));
  if (end.timed_out)
    return cat("ran past its timeout of ", *request.timeout_s, " s and was killed");
  if (!end.result.exited) return cat("was killed by ", signal_name(end.result.signal));
  if (end.result.code != 0) return cat("exited with code ", end.result.code);
  return std::nullopt;
}

std::string last_words(const CapturedEnd& end) {
  constexpr std::size_t kLines = 3;
  constexpr std::size_t kLimit = 512;
  const std::string_view text = trim(trim(end.errors).empty() ? end.output : end.errors);
  const auto lines = split(text, '\n');
  std::string words;
  for (std::size_t i = lines.size() - std::min(lines.size(), kLines); i < lines.size(); ++i) {
    const std::string_view line = trim(lines[i]);
    if (line.empty()) continue;
    if (!words.empty()) words += " | ";
    words += line;
  }
  if (words.size() > kLimit) words.erase(0, words.size() - kLimit);
  return words;
}

}  // namespace asylum::sys
