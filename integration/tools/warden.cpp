// SPDX-License-Identifier: Apache-2.0
// warden [--stop-at-failure] COMMAND…: runs a test command and adopts everything that outlives its
// parents below it. Ends with the command's code, or 3 when a process was left over (named on
// stdout as a TAP comment, then killed).
// --stop-at-failure: copies the command's TAP output and kills everything at the first `not ok`,
// or when none of its tests has ended for some minutes.
#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::vector<pid_t> children() {
  std::ifstream file("/proc/self/task/" + std::to_string(::getpid()) + "/children");
  std::vector<pid_t> list;
  for (pid_t pid = 0; file >> pid;) list.push_back(pid);
  return list;
}

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  std::string result = text.str();
  for (char& byte : result) {
    if (byte == '\0') byte = ' ';
  }
  return result;
}

bool is_zombie(pid_t pid) {
  const std::string status = text_of("/proc/" + std::to_string(pid) + "/stat");
  const std::size_t name_end = status.rfind(')');
  return name_end == std::string::npos || status.substr(name_end + 2, 1) == "Z";
}

// Reaps what has ended; true if a living process is left.
bool anyone_left() {
  while (::waitpid(-1, nullptr, WNOHANG) > 0) {
  }
  for (const pid_t pid : children()) {
    if (!is_zombie(pid)) return true;
  }
  return false;
}

// A killed process needs a moment to be gone: twenty seconds of grace, then it is a leak.
bool kill_the_left_over(bool complain) {
  for (int tries = 0; tries < 1000 && complain && anyone_left(); ++tries) ::usleep(20000);
  bool any = false;
  for (int rounds = 0; rounds < 200 && anyone_left(); ++rounds) {
    for (const pid_t pid : children()) {
      if (complain && rounds == 0) {
        ::printf("# left over: %d %s\n", pid,
                 text_of("/proc/" + std::to_string(pid) + "/cmdline").c_str());
        any = true;
      }
      ::kill(pid, SIGKILL);
    }
    ::usleep(10000);
  }
  return any;
}

constexpr unsigned kLongestTestSeconds = 240;

void report_silence(int) {
  constexpr char kText[] = "not ok 0 (no test ended in four minutes)\n";
  (void)!::write(1, kText, sizeof kText - 1);
  ::_exit(1);
}

// Copies lines; true when a test failed. A test that hangs has failed, too.
bool copy_until_failure(int fd) {
  ::signal(SIGALRM, report_silence);
  ::alarm(kLongestTestSeconds);
  FILE* input = ::fdopen(fd, "r");
  char* text = nullptr;
  std::size_t size = 0;
  while (::getline(&text, &size, input) > 0) {
    ::fputs(text, stdout);
    ::fflush(stdout);
    ::alarm(kLongestTestSeconds);
    if (::strncmp(text, "not ok", 6) == 0) return true;
  }
  return false;
}

// A process of its own does the copying, because ours has to reap: the init of a pid namespace
// cannot end while a zombie is left in it whose parent is outside.
pid_t start_copier(int from, int to) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(to);
    ::_exit(copy_until_failure(from) ? 1 : 0);
  }
  ::close(from);
  ::close(to);
  return pid;
}

pid_t start_command(char** command, int output) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    if (output >= 0) ::dup2(output, 1);
    ::close_range(3, ~0U, 0);
    ::execvp(command[0], command);
    ::perror(command[0]);
    ::_exit(127);
  }
  return pid;
}

}  // namespace

int main(int count, char** values) {
  const bool stop = count > 1 && std::string(values[1]) == "--stop-at-failure";
  char** command = values + (stop ? 2 : 1);
  if (count < (stop ? 3 : 2)) return 99;
  ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
  int ends[2] = {-1, -1};
  if (stop && ::pipe(ends) != 0) return 99;
  const pid_t pid = start_command(command, ends[1]);
  const pid_t copier = stop ? start_copier(ends[0], ends[1]) : -1;
  struct sigaction interrupt {};  // no SA_RESTART: the wait below ends
  interrupt.sa_handler = [](int) {};
  ::sigaction(SIGALRM, &interrupt, nullptr);
  int status = 0;
  int command_status = 0;
  // Adopted children are reaped as they end: a zombie would look like a process that was left
  // behind.
  for (bool running = true, copying = stop; running || copying;) {
    const pid_t ended = ::waitpid(-1, &status, 0);
    if (ended < 0) break;
    if (ended == copier) copying = false;
    if (ended == copier && WIFEXITED(status) && WEXITSTATUS(status) == 1) {
      kill_the_left_over(false);
      return 1;
    }
    if (ended == pid) {
      running = false;
      ::alarm(5);  // what was left over may hold the pipe open for ever
      command_status = status;
    }
  }
  if (kill_the_left_over(!stop)) return 3;
  return WIFEXITED(command_status) ? WEXITSTATUS(command_status) : 128 + WTERMSIG(command_status);
}
