// SPDX-License-Identifier: Apache-2.0
// attacker VERB: see `kVerbs`. Lives in a container; attacker.h says what it is for.
#include "integration/tools/attacker.h"

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <set>

namespace attacker {
namespace {

struct Reports {
  std::set<std::string> lines;
  std::string last_reached;  // since somebody asked
};

Reports& reports() {
  static Reports all;
  return all;
}

std::string in_shared(std::string_view name) {
  return std::string(kShared) + "/" + std::string(name);
}

std::string line_of(std::string_view kind, pid_t pid, const std::string& text) {
  std::string line = std::string(kind) + " " + std::to_string(pid) + " " + text;
  for (char& byte : line) {
    if (static_cast<unsigned char>(byte) < ' ') byte = ' ';
  }
  return line;
}

Aim read_aim() {
  Aim result;
  std::ifstream file(in_shared("aim"));
  std::string kind;
  std::string name;
  std::string text;
  while (file >> kind >> name >> text) {
    if (kind == "outside") result.outside = text;
    if (kind == "marker") result.markers.push_back({name, text});
    if (kind == "host-namespace") result.host_namespaces.push_back(text);
    if (kind == "neighbours") result.neighbours = true;
  }
  return result;
}

/// The parent of a process by /proc/PID/stat, 0 if it is gone.
pid_t parent_of(pid_t pid) {
  const std::string stat = read_file(proc(pid, "stat"));
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return 0;
  char state = 0;
  int parent = 0;
  return ::sscanf(stat.c_str() + name_end + 1, " %c %d", &state, &parent) == 2 ? parent : 0;
}

// A process that entered the container has a parent outside of it: 0. Orphans of such a process
// are given to pid 1, which may be us, so our own children are known by their session.
bool is_ours(pid_t pid) {
  return pid == ::getpid() || (parent_of(pid) == ::getpid() && ::getsid(pid) == ::getsid(0));
}

}  // namespace

const Aim& aim() {
  static const Aim result = read_aim();
  return result;
}

void report(std::string_view kind, pid_t pid, const std::string& text) {
  const std::string line = line_of(kind, pid, text);
  if (!reports().lines.insert(line).second) return;
  if (kind == "reached") reports().last_reached = line;
  const int file = ::open(in_shared("report").c_str(), O_WRONLY | O_CREAT | O_APPEND, 0666);
  if (file < 0 || ::dprintf(file, "%s\n", line.c_str()) < 0) ::perror("attacker: report");
  ::close(file);
}

std::string read_file(const std::string& path) {
  std::string text;
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0) return text;
  char part[16384];
  ssize_t count = 0;
  while ((count = ::read(file, part, sizeof part)) > 0)
    text.append(part, static_cast<std::size_t>(count));
  ::close(file);
  return text;
}

std::string proc(pid_t pid, std::string_view name) {
  return "/proc/" + std::to_string(pid) + "/" + std::string(name);
}

std::string error_name() {
  const char* name = ::strerrorname_np(errno);
  return name == nullptr ? std::to_string(errno) : name;
}

std::vector<pid_t> strangers() {
  std::vector<pid_t> found;
  DIR* directory = ::opendir("/proc");
  if (directory == nullptr) return found;
  while (const dirent* entry = ::readdir(directory)) {
    const pid_t pid = ::atoi(entry->d_name);
    if (pid > 0 && !is_ours(pid)) found.push_back(pid);
  }
  ::closedir(directory);
  return found;
}

namespace {

std::string look_at_all() {
  reports().last_reached.clear();
  const auto found = strangers();
  for (const pid_t pid : found) {
    look(pid);
    take_over(pid);
  }
  const std::string& reached = reports().last_reached;
  return "looked " + std::to_string(found.size()) + (reached.empty() ? "" : ", " + reached);
}

std::string stop_all() {
  const auto found = strangers();
  for (const pid_t pid : found)
    report("noted", pid, ::kill(pid, SIGSTOP) == 0 ? "stopped" : "stop " + error_name());
  return "stopped " + std::to_string(found.size());
}

bool write_to(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
  const bool good =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  if (file >= 0) ::close(file);
  return good;
}

// A cgroup below the container's own. By mkdirat(2): the tests' filter refuses mkdir(2).
bool make_trap(const std::string& trap) {
  return ::mkdirat(AT_FDCWD, trap.c_str(), 0755) == 0 || errno == EEXIST;
}

// Whoever is moved there is frozen with it.
std::string freeze_all() {
  const std::string trap = "/sys/fs/cgroup/trap";
  if (!make_trap(trap)) return "trap " + error_name();
  const auto found = strangers();
  for (const pid_t pid : found) {
    const bool moved = write_to(trap + "/cgroup.procs", std::to_string(pid));
    report("noted", pid, moved ? "frozen" : "freeze " + error_name());
  }
  if (!write_to(trap + "/cgroup.freeze", "1")) return "freeze " + error_name();
  return "frozen " + std::to_string(found.size());
}

std::string obey(std::string_view order) {
  if (order == "look") return look_at_all();
  if (order == "stop") return stop_all();
  if (order == "freeze") return freeze_all();
  return "what?";
}

bool answer(int connection) {
  char order[64];
  const ssize_t length = ::recv(connection, order, sizeof order, 0);
  if (length <= 0) return false;
  const std::string reply = obey({order, static_cast<std::size_t>(length)});
  return ::send(connection, reply.data(), reply.size(), MSG_NOSIGNAL) > 0;
}

int listen_in_shared() {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ::strcpy(address.sun_path, in_shared("attacker").c_str());
  const int fd = ::socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
  if (::bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) return -1;
  ::chmod(address.sun_path, 0666);
  return ::listen(fd, 8) == 0 ? fd : -1;
}

void introduce() {
  report("own", 0, credentials("self"));
  for (const Marker& marker : aim().markers) report("aim", 0, marker.name);
}

// The host says when to look: stepper holds a process between two of its system calls.
int serve() {
  introduce();
  const int socket = listen_in_shared();
  if (socket < 0) return ::perror("attacker: listen"), 1;
  std::vector<pollfd> watched{{socket, POLLIN, 0}};
  while (::poll(watched.data(), watched.size(), -1) > 0) {
    for (std::size_t i = watched.size() - 1; i > 0; --i) {
      if (watched[i].revents == 0 || answer(watched[i].fd)) continue;
      ::close(watched[i].fd);
      watched.erase(watched.begin() + static_cast<std::ptrdiff_t>(i));
    }
    if ((watched[0].revents & POLLIN) != 0)
      watched.push_back({::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC), POLLIN, 0});
  }
  return 0;
}

int look_once() {
  introduce();
  ::printf("%s\n", look_at_all().c_str());
  return 0;
}

// Nobody helps: whoever appears is looked at as often as there is time. Every second one is
// stopped first, by ptrace or by SIGSTOP, which leaves all the time in the world.
int race() {
  introduce();
  for (;;) {
    for (const pid_t pid : strangers()) {
      report("seen", pid, "");
      look(pid);
      if (pid % 2 != 0) continue;
      take_over(pid);
      if (::kill(pid, SIGSTOP) != 0) continue;
      look(pid);
      ::kill(pid, SIGCONT);
    }
  }
}

// Moves pid 1 to a cgroup of its own and freezes it there: who enters the container follows it.
int freeze_init() {
  const std::string trap = "/sys/fs/cgroup/trap";
  if (!make_trap(trap)) return ::perror("attacker: mkdir"), 1;
  const pid_t child = ::fork();
  if (child == 0) {
    const bool done =
        write_to(trap + "/cgroup.procs", "1") && write_to(trap + "/cgroup.freeze", "1");
    report(done ? "frozen" : "failed", 1, done ? "" : error_name());
    for (;;) ::pause();
  }
  for (;;) ::pause();
}

// Keeps the pipes of whoever it sees open at both ends: who waits for their end waits for us.
int hold_pipes() {
  introduce();
  for (const pid_t pid : strangers()) {
    for (int number = 3; number < 64; ++number) {
      const std::string link = proc(pid, "fd/" + std::to_string(number));
      struct stat facts {};
      if (::stat(link.c_str(), &facts) != 0 || !S_ISFIFO(facts.st_mode)) continue;
      const bool held = ::open(link.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC) >= 0;
      report("noted", pid, held ? "pipe held" : "pipe " + error_name());
    }
  }
  report("holding", 0, "");
  for (;;) ::pause();
}

// As many processes as it likes, half of them stopped: what delete has to cope with.
int multiply() {
  for (int i = 0; i < 20; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::setsid();
      for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_IGN);
      if (i % 2 == 0) ::raise(SIGSTOP);
      return race();
    }
  }
  return race();
}

struct Verb {
  std::string_view name;
  int (*run)();
};

constexpr Verb kVerbs[] = {
    {"serve", serve},              // looks, stops and freezes when a client of its socket says so
    {"look", look_once},           // looks once
    {"race", race},                // looks without end
    {"multiply", multiply},        // the same, twenty-one times
    {"hold-pipes", hold_pipes},    // keeps open what others wait for
    {"freeze-init", freeze_init},  // pid 1 sits in a frozen cgroup
    {"abis", call_foreign_abis},   // x32 and i386 system calls
    {"unmask", undo_masks},        // unmounts and remounts what hides or protects parts of /proc
};

}  // namespace
}  // namespace attacker

int main(int count, char** values) {
  const std::string_view name = count > 1 ? values[1] : "";
  if (name == "volume" && count == 3) return attacker::use_volume(values[2]);
  for (const attacker::Verb& verb : attacker::kVerbs) {
    if (verb.name == name) return verb.run();
  }
  ::fprintf(stderr, "attacker: no such verb\n");
  return 99;
}
