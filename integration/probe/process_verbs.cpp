// SPDX-License-Identifier: Apache-2.0
// Verbs that report the state of the process itself: ids, capabilities, limits, signals,
// descriptors, namespaces.
#include <dirent.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/keyctl.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <vector>

#include "integration/probe/probe.h"

namespace probe {
namespace {

std::string number(long long value) {
  return std::to_string(value);
}

std::string file_text(const char* path) {
  const int fd = ::open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) return error_name();
  char text[4096];
  const ssize_t count = ::read(fd, text, sizeof text - 1);
  ::close(fd);
  std::string result(text, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
  while (!result.empty() && result.back() == '\n') result.pop_back();
  return result;
}

void ids(Arguments&) {
  uid_t real = 0, effective = 0, saved = 0;
  ::getresuid(&real, &effective, &saved);
  line("uid " + number(real) + " " + number(effective) + " " + number(saved));
  ::getresgid(&real, &effective, &saved);
  line("gid " + number(real) + " " + number(effective) + " " + number(saved));
}

void groups(Arguments&) {
  std::vector<gid_t> list(65536);
  const int count = ::getgroups(static_cast<int>(list.size()), list.data());
  std::string text = "groups";
  list.resize(static_cast<std::size_t>(std::max(count, 0)));
  std::sort(list.begin(), list.end());
  for (const gid_t gid : list) text += " " + number(gid);
  line(text);
}

void caps(Arguments&) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[2] = {};
  ::syscall(SYS_capget, &header, data);
  const auto join = [](std::uint32_t low, std::uint32_t high) {
    return hex64((static_cast<unsigned long long>(high) << 32) | low);
  };
  line("cap_inheritable " + join(data[0].inheritable, data[1].inheritable));
  line("cap_permitted " + join(data[0].permitted, data[1].permitted));
  line("cap_effective " + join(data[0].effective, data[1].effective));
  unsigned long long bounding = 0, ambient = 0;
  for (unsigned bit = 0; bit < 64; ++bit) {
    if (::prctl(PR_CAPBSET_READ, bit, 0, 0, 0) == 1) bounding |= 1ULL << bit;
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, bit, 0, 0) == 1) ambient |= 1ULL << bit;
  }
  line("cap_bounding " + hex64(bounding));
  line("cap_ambient " + hex64(ambient));
  line("securebits " + number(::prctl(PR_GET_SECUREBITS)));
}

struct Limit {
  const char* name;
  __rlimit_resource resource;
};
constexpr Limit kLimits[] = {
    {"AS", RLIMIT_AS},           {"CORE", RLIMIT_CORE},
    {"CPU", RLIMIT_CPU},         {"DATA", RLIMIT_DATA},
    {"FSIZE", RLIMIT_FSIZE},     {"LOCKS", RLIMIT_LOCKS},
    {"MEMLOCK", RLIMIT_MEMLOCK}, {"MSGQUEUE", RLIMIT_MSGQUEUE},
    {"NICE", RLIMIT_NICE},       {"NOFILE", RLIMIT_NOFILE},
    {"NPROC", RLIMIT_NPROC},     {"RSS", RLIMIT_RSS},
    {"RTPRIO", RLIMIT_RTPRIO},   {"SIGPENDING", RLIMIT_SIGPENDING},
    {"STACK", RLIMIT_STACK},
};

void limits(Arguments&) {
  const auto text = [](rlim_t value) {
    return value == RLIM_INFINITY ? std::string("unlimited") : std::to_string(value);
  };
  for (const Limit& limit : kLimits) {
    rlimit value{};
    ::getrlimit(limit.resource, &value);
    line(std::string("rlimit ") + limit.name + " " + text(value.rlim_cur) + " " +
         text(value.rlim_max));
  }
}

void flags(Arguments&) {
  line("no_new_privs " + number(::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0)));
  line("seccomp " + number(::prctl(PR_GET_SECCOMP, 0, 0, 0, 0)));
  line("dumpable " + number(::prctl(PR_GET_DUMPABLE, 0, 0, 0, 0)));
  line("keepcaps " + number(::prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0)));
  int death_signal = -1;
  ::prctl(PR_GET_PDEATHSIG, &death_signal, 0, 0, 0);
  line("pdeathsig " + number(death_signal));
  int subreaper = -1;
  ::prctl(PR_GET_CHILD_SUBREAPER, &subreaper, 0, 0, 0);
  line("subreaper " + number(subreaper));
  line("timerslack " + number(::prctl(PR_GET_TIMERSLACK, 0, 0, 0, 0)));
  line("oom_score_adj " + file_text("/proc/self/oom_score_adj"));
  const mode_t mask = ::umask(0);
  ::umask(mask);
  char text[8];
  std::snprintf(text, sizeof text, "%04o", mask);
  line(std::string("umask ") + text);
  line("nice " + number(::getpriority(PRIO_PROCESS, 0)));
  line("scheduler " + number(::sched_getscheduler(0)));
  constexpr int kThisProcess = 1;  // IOPRIO_WHO_PROCESS
  const long io = ::syscall(SYS_ioprio_get, kThisProcess, 0);
  line("ioprio " + number(io >> 13) + " " + number(io & 0x1fff));
  line("personality " + number(::personality(0xffffffff)));
}

// Whole seconds since the clocks' beginnings: what a time namespace shifts.
void clocks(Arguments&) {
  timespec time{};
  ::clock_gettime(CLOCK_MONOTONIC, &time);
  line("monotonic " + number(time.tv_sec));
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  line("boottime " + number(time.tv_sec));
}

void comm(Arguments&) {
  char name[17] = {};
  ::prctl(PR_GET_NAME, name, 0, 0, 0);
  line(std::string("comm ") + name);
}

// The mask and every disposition that is not the default.
void signals(Arguments&) {
  sigset_t mask;
  ::sigprocmask(SIG_BLOCK, nullptr, &mask);
  std::string blocked = "blocked", ignored = "ignored", handled = "handled";
  for (int signal = 1; signal < SIGRTMAX; ++signal) {
    if (::sigismember(&mask, signal) == 1) blocked += " " + number(signal);
    struct sigaction action {};
    if (::sigaction(signal, nullptr, &action) != 0) continue;
    if (action.sa_handler == SIG_IGN)
      ignored += " " + number(signal);
    else if (action.sa_handler != SIG_DFL)
      handled += " " + number(signal);
  }
  line(blocked);
  line(ignored);
  line(handled);
  sigset_t pending;
  ::sigpending(&pending);
  line(std::string("pending ") + (::sigisemptyset(&pending) != 0 ? "none" : "some"));
}

void session(Arguments&) {
  line("pid " + number(::getpid()));
  line("ppid " + number(::getppid()));
  line("pgid " + number(::getpgid(0)));
  line("sid " + number(::getsid(0)));
}

void tty(Arguments&) {
  for (int fd = 0; fd < 3; ++fd) {
    line("tty " + number(fd) + " " +
         (::isatty(fd) != 0 ? ::ttyname(fd) != nullptr ? ::ttyname(fd) : "nameless" : "no"));
  }
  const int controlling = ::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY);
  line(std::string("controlling ") + (controlling >= 0 ? "yes" : error_name()));
  if (controlling >= 0) {
    line("foreground " + number(::tcgetpgrp(controlling)));
    ::close(controlling);
  }
  struct stat status {};
  ::fstat(0, &status);
  line("tty_owner " + number(status.st_uid) + " " + number(status.st_gid));
}

void winsize(Arguments&) {
  struct winsize size {};
  if (::ioctl(0, TIOCGWINSZ, &size) != 0) return line("winsize " + error_name());
  line("winsize " + number(size.ws_row) + " " + number(size.ws_col));
}

void cwd(Arguments&) {
  char path[4096];
  line(std::string("cwd ") + (::getcwd(path, sizeof path) != nullptr ? path : error_name()));
}

void env(Arguments&) {
  for (char** entry = environ; *entry != nullptr; ++entry) line(std::string("env ") + *entry);
}

void args(Arguments& arguments) {
  for (int i = 0; i < arguments.count; ++i) line(std::string("arg ") + arguments.values[i]);
  arguments.position = arguments.count;
}

void fds(Arguments&) {
  for (int fd = 0; fd < 1024; ++fd) {
    if (::fcntl(fd, F_GETFD) < 0) continue;
    char target[512];
    const std::string path = "/proc/self/fd/" + number(fd);
    const ssize_t length = ::readlink(path.c_str(), target, sizeof target);
    line("fd " + number(fd) + " " +
         std::string(target, static_cast<std::size_t>(std::max<ssize_t>(length, 0))));
  }
}

void namespaces(Arguments&) {
  for (const char* name : {"cgroup", "ipc", "mnt", "net", "pid", "time", "user", "uts"}) {
    struct stat status {};
    const std::string path = std::string("/proc/self/ns/") + name;
    if (::stat(path.c_str(), &status) != 0)
      line(std::string("ns ") + name + " " + error_name());
    else
      line(std::string("ns ") + name + " " + std::to_string(status.st_ino));
  }
}

void hostname(Arguments&) {
  struct utsname names {};
  ::uname(&names);
  line(std::string("hostname ") + names.nodename);
#ifdef _GNU_SOURCE
  line(std::string("domainname ") + names.domainname);
#endif
}

void affinity(Arguments&) {
  cpu_set_t set;
  CPU_ZERO(&set);
  ::sched_getaffinity(0, sizeof set, &set);
  line("cpus " + number(CPU_COUNT(&set)));
}

void keyring(Arguments&) {
  const long id = ::syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0);
  if (id < 0) return line("keyring " + error_name());
  char text[512] = {};
  ::syscall(SYS_keyctl, KEYCTL_DESCRIBE, id, text, sizeof text - 1);
  line(std::string("keyring ") + text);
}

void links(Arguments&) {
  const int fd = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  struct if_nameindex* list = ::if_nameindex();
  for (const struct if_nameindex* entry = list; entry != nullptr && entry->if_index != 0; ++entry) {
    ifreq request{};
    std::copy_n(entry->if_name, std::char_traits<char>::length(entry->if_name), request.ifr_name);
    const bool known = ::ioctl(fd, SIOCGIFFLAGS, &request) == 0;
    line(std::string("link ") + entry->if_name +
         (known && (request.ifr_flags & IFF_UP) != 0 ? " up" : " down"));
  }
  if (list != nullptr) ::if_freenameindex(list);
  ::close(fd);
}

}  // namespace

const Verb kProcessVerbs[] = {
    {"ids", ids, "uid, gid: real, effective, saved"},
    {"groups", groups, "supplementary groups, sorted"},
    {"caps", caps, "the five capability sets, securebits"},
    {"limits", limits, "soft and hard resource limits"},
    {"flags", flags, "no_new_privs, seccomp, umask, oom_score_adj and other per-process settings"},
    {"clocks", clocks, "seconds of CLOCK_MONOTONIC and CLOCK_BOOTTIME"},
    {"comm", comm, "the process name"},
    {"signals", signals, "blocked, ignored, handled, pending"},
    {"session", session, "pid, ppid, process group, session"},
    {"tty", tty, "terminal of 0 to 2, controlling terminal"},
    {"winsize", winsize, "rows and columns of stdin"},
    {"cwd", cwd, "working directory"},
    {"env", env, "the environment, one variable a line"},
    {"args", args, "all arguments, and uses them up"},
    {"fds", fds, "open descriptors and what they are"},
    {"namespaces", namespaces, "inode of each namespace"},
    {"hostname", hostname, "host and domain name"},
    {"affinity", affinity, "number of CPUs it may run on"},
    {"keyring", keyring, "the session keyring"},
    {"links", links, "network interfaces, up or down"},
    {nullptr, nullptr, nullptr},
};

}  // namespace probe
