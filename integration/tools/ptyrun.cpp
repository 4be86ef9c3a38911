// SPDX-License-Identifier: Apache-2.0
// ptyrun SCRIPT COMMAND…: runs COMMAND on a new terminal as session leader and plays SCRIPT, steps
// divided by `;`:
//   expect TEXT   waits (10 s) until TEXT has come since the last expect
//   type TEXT     writes TEXT, \n \r and \xHH allowed
//   resize R C    changes the terminal's size
//   mode          prints `mode raw` or `mode cooked`
//   signal N      sends signal N to COMMAND
//   eof           ends the input: Ctrl-D
// Prints everything the terminal shows, then `mode …` at the end and `code N`; ends with the
// command's code (128+signal), or 90 when an expected text did not come.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include <string>
#include <string_view>

namespace {

int g_master = -1;
std::string g_seen;  // what came and no expect has used yet

long now_ms() {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

// Reads what is there within `wait_ms`; false at the terminal's end.
bool pump(int wait_ms) {
  pollfd waiting{g_master, POLLIN, 0};
  if (::poll(&waiting, 1, wait_ms) != 1) return true;
  char text[4096];
  const ssize_t length = ::read(g_master, text, sizeof text);
  if (length <= 0) return false;
  g_seen.append(text, static_cast<std::size_t>(length));
  ::fwrite(text, 1, static_cast<std::size_t>(length), stdout);
  ::fflush(stdout);
  return true;
}

bool expect(const std::string& text) {
  const long deadline = now_ms() + 10000;
  bool open = true;
  for (;;) {
    const std::size_t place = g_seen.find(text);
    if (place != std::string::npos) {
      g_seen.erase(0, place + text.size());
      return true;
    }
    if (!open || now_ms() > deadline) return false;
    open = pump(100);
  }
}

std::string unescape(const std::string& text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      result += text[i];
      continue;
    }
    const char kind = text[++i];
    if (kind == 'x' && i + 2 < text.size()) {
      result += static_cast<char>(::strtol(text.substr(i + 1, 2).c_str(), nullptr, 16));
      i += 2;
    } else {
      result += kind == 'n' ? '\n' : kind == 'r' ? '\r' : kind;
    }
  }
  return result;
}

void print_mode() {
  termios mode{};
  ::tcgetattr(g_master, &mode);
  ::printf("\nmode %s\n", (mode.c_lflag & ICANON) != 0 ? "cooked" : "raw");
  ::fflush(stdout);
}

bool play(const std::string& step, pid_t pid) {
  const std::size_t blank = step.find(' ');
  const std::string verb = step.substr(0, blank);
  const std::string rest = blank == std::string::npos ? "" : step.substr(blank + 1);
  if (verb == "expect") return expect(unescape(rest));
  if (verb == "mode") return print_mode(), true;
  if (verb == "eof") return ::write(g_master, "\4", 1) == 1;
  if (verb == "signal") return ::kill(pid, ::atoi(rest.c_str())) == 0;
  if (verb == "type") {
    const std::string text = unescape(rest);
    return ::write(g_master, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  }
  if (verb == "resize") {
    winsize size{};
    if (::sscanf(rest.c_str(), "%hu %hu", &size.ws_row, &size.ws_col) != 2) return false;
    return ::ioctl(g_master, TIOCSWINSZ, &size) == 0;
  }
  return false;
}

pid_t start_on_terminal(char** command) {
  g_master = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (g_master < 0 || ::grantpt(g_master) != 0 || ::unlockpt(g_master) != 0) return -1;
  const winsize size{24, 80, 0, 0};
  ::ioctl(g_master, TIOCSWINSZ, &size);
  const std::string name = ::ptsname(g_master);
  // Kept open here, so that the terminal's mode can be read after the command has ended.
  ::open(name.c_str(), O_RDWR | O_NOCTTY | O_CLOEXEC);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  ::setsid();
  const int terminal = ::open(name.c_str(), O_RDWR);
  ::ioctl(terminal, TIOCSCTTY, 0);
  for (int fd = 0; fd < 3; ++fd) ::dup2(terminal, fd);
  if (terminal > 2) ::close(terminal);
  ::execvp(command[0], command);
  ::perror(command[0]);
  ::_exit(127);
}

}  // namespace

int main(int count, char** values) {
  if (count < 3) return 99;
  const pid_t pid = start_on_terminal(values + 2);
  if (pid < 0) return ::perror("ptyrun: terminal"), 99;
  std::string_view script = values[1];
  while (!script.empty()) {
    const std::size_t end = script.find(';');
    std::string step(script.substr(0, end));
    script = end == std::string_view::npos ? std::string_view{} : script.substr(end + 1);
    while (!step.empty() && step.front() == ' ') step.erase(0, 1);
    if (step.empty() || play(step, pid)) continue;
    ::printf("\nptyrun: this step failed: %s\n", step.c_str());
    ::kill(pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    return 90;
  }
  int status = 0;
  const long deadline = now_ms() + 20000;
  while (::waitpid(pid, &status, WNOHANG) == 0) {
    pump(50);
    if (now_ms() > deadline) ::kill(pid, SIGKILL);
  }
  while (g_master >= 0) {
    const std::size_t before = g_seen.size();
    if (!pump(50) || g_seen.size() == before) break;
  }
  print_mode();
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ::printf("code %d\n", code);
  return code;
}
