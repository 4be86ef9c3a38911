// SPDX-License-Identifier: Apache-2.0
// Verbs that do something: end, die, wait, take memory, leave a child behind.
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include "integration/probe/probe.h"

namespace probe {
namespace {

void exit_with(Arguments& arguments) {
  ::_exit(static_cast<int>(arguments.next_number()));
}

// As pid 1 of a namespace a process is immune to its own signals but SIGKILL's and faults: `abort`
// by fault.
void kill_self(Arguments& arguments) {
  const int signal = static_cast<int>(arguments.next_number());
  ::signal(signal, SIG_DFL);
  ::kill(::getpid(), signal);
}

void print(Arguments& arguments) {
  line(std::string(arguments.next()));
}

void sleep_ms(Arguments& arguments) {
  ::poll(nullptr, 0, static_cast<int>(arguments.next_number()));
}

[[noreturn]] void forever(Arguments&) {
  for (;;) ::pause();
}

// Prints `ready`, then the number of each signal that comes; TERM ends with code 7.
[[noreturn]] void catch_signals(Arguments&) {
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_BLOCK, &all, nullptr);
  line("ready");
  for (;;) {
    int signal = 0;
    ::sigwait(&all, &signal);
    line("signal " + std::to_string(signal));
    if (signal == SIGTERM) ::_exit(7);
  }
}

void take_memory(Arguments& arguments) {
  const auto size = static_cast<std::size_t>(arguments.next_number());
  void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
  line(std::string("memory ") + (memory == MAP_FAILED ? error_name() : "ok"));
}

// A child that outlives this process, in a session of its own, deaf to TERM.
void orphan(Arguments&) {
  const pid_t pid = ::fork();
  if (pid != 0) return;
  ::setsid();
  ::signal(SIGTERM, SIG_IGN);
  ::signal(SIGHUP, SIG_IGN);
  for (;;) ::pause();
}

void echo(Arguments&) {
  char text[4096];
  ssize_t count = 0;
  while ((count = ::read(0, text, sizeof text)) > 0) {
    if (::write(1, text, static_cast<std::size_t>(count)) != count) ::_exit(98);
  }
}

// As sd_notify(3): one datagram to $NOTIFY_SOCKET, a path.
void notify(Arguments& arguments) {
  const std::string text(arguments.next());
  const char* const path = ::getenv("NOTIFY_SOCKET");
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path == nullptr || ::strlen(path) >= sizeof address.sun_path) return line("notify nobody");
  ::strcpy(address.sun_path, path);
  const int socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const ssize_t sent = ::sendto(socket, text.data(), text.size(), 0,
                                reinterpret_cast<const sockaddr*>(&address), sizeof address);
  line("notify " + (sent < 0 ? error_name() : std::string("ok")));
  ::close(socket);
}

}  // namespace

const Verb kActionVerbs[] = {
    {"exit", exit_with, "CODE"},
    {"kill", kill_self, "SIGNAL: sends it to itself"},
    {"print", print, "TEXT"},
    {"sleep", sleep_ms, "MILLISECONDS"},
    {"forever", forever, "waits until it is killed"},
    {"catch", catch_signals, "prints each signal; TERM ends it with code 7"},
    {"memory", take_memory, "BYTES: maps and touches them"},
    {"orphan", orphan, "leaves a child behind that ignores TERM and HUP"},
    {"notify", notify, "TEXT: a datagram to $NOTIFY_SOCKET, ok or the error"},
    {"echo", echo, "copies stdin to stdout"},
    {nullptr, nullptr, nullptr},
};

}  // namespace probe
