// SPDX-License-Identifier: Apache-2.0
#include "integration/killdriver/world.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace killdriver {
namespace files = std::filesystem;

void fail(const std::string& what) {
  std::printf("# killdriver: %s: %s\n", what.c_str(), std::strerror(errno));
  std::fflush(stdout);
  ::_exit(99);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

void wait_for_child(int timeout_ms) {
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGCHLD);
  const timespec time{timeout_ms / 1000, (timeout_ms % 1000) * 1000000L};
  ::sigtimedwait(&set, nullptr, &time);
}

namespace {

std::string cgroup2_mount() {
  for (const char* path : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
    struct statfs status {};
    if (::statfs(path, &status) == 0 && status.f_type == CGROUP2_SUPER_MAGIC) return path;
  }
  fail("no cgroup2 mount");
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path);
  file << text;
  file.close();
  if (!file) fail("write " + path);
}

std::string tree(const std::string& top) {
  std::vector<std::string> names;
  std::error_code error;
  for (files::recursive_directory_iterator entry(top, error), end; !error && entry != end;
       entry.increment(error)) {
    if (top.find("cgroup") == std::string::npos || entry->is_directory(error))
      names.push_back(entry->path());
  }
  std::sort(names.begin(), names.end());
  std::string text;
  for (const std::string& name : names) text += name + "\n";
  return text;
}

// Living processes of this pid namespace but ourselves.
std::string processes() {
  std::string text;
  for (const files::directory_entry& entry : files::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos || name == "1") continue;
    const std::string status = read_file(entry.path() / "stat");
    const std::size_t end = status.rfind(')');
    if (end == std::string::npos || status.substr(end + 2, 1) == "Z" ||
        status.substr(end + 2, 1) == "X")
      continue;
    text += status.substr(0, end + 1) + "\n";
  }
  return text;
}

void reap() {
  int status = 0;
  pid_t pid = 0;
  while ((pid = ::waitpid(-1, &status, WNOHANG | __WALL)) > 0) {
    if (WIFSTOPPED(status)) ::ptrace(PTRACE_DETACH, pid, 0, 0);
  }
}

std::string compare(const char* what, const std::string& before, const std::string& now) {
  if (before == now) return "";
  std::stringstream lines(now);
  std::string text = std::string(what) + ":";
  for (std::string row; std::getline(lines, row);) {
    if (before.find(row + "\n") == std::string::npos) text += " [+ " + row + "]";
  }
  std::stringstream old(before);
  for (std::string row; std::getline(old, row);) {
    if (now.find(row + "\n") == std::string::npos) text += " [- " + row + "]";
  }
  return text + "; ";
}

// Deepest first, for a second: what was left over has been reported, its processes died with their
// pid namespace.
void remove_cgroups(const std::string& top) {
  for (int tries = 0; tries < 50 && files::exists(top); ++tries) {
    std::stringstream all(top + "\n" + tree(top));
    std::vector<std::string> names;
    for (std::string row; std::getline(all, row);) names.push_back(row);
    for (auto row = names.rbegin(); row != names.rend(); ++row) ::rmdir(row->c_str());
    if (files::exists(top)) ::usleep(20000);
  }
}

int exit_code(int status) {
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t place = text.find(from);
  if (place == std::string::npos) fail("config.json has no " + from);
  text.replace(place, from.size(), to);
}

// From `from` to before `to`.
void cut(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t begin = text.find(from), end = text.find(to);
  if (begin == std::string::npos || end == std::string::npos || end < begin) {
    fail("config.json has no " + from);
  }
  text.erase(begin, end - begin);
}

constexpr char kUserNamespace[] =
    R"("uidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}],
       "gidMappings": [{"containerID": 0, "hostID": 100000, "size": 65536}],
       "namespaces": [{"type": "user"},)";

// One that takes a while in each stage of create, so that a kill can find it at work; and one for
// delete.
std::string hooks(const std::string& busybox) {
  const std::string slow =
      R"([{"path": ")" + busybox + R"(", "args": ["busybox", "usleep", "10000"]}])";
  return R"("hooks": {"prestart": )" + slow + R"(, "createRuntime": )" + slow +
         R"(, "createContainer": )" + slow + R"(, "poststop": )" + slow + "},\n";
}

// A process in a pid namespace of its own, for as long as we live.
pid_t neighbour() {
  const long pid = ::syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, 0, 0, 0, 0);
  if (pid < 0) fail("clone");
  if (pid != 0) {
    // Its state is a part of what is compared.
    const std::string stat = "/proc/" + std::to_string(pid) + "/stat";
    while (read_file(stat).find(") S ") == std::string::npos) ::usleep(1000);
    return static_cast<pid_t>(pid);
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  for (;;) ::pause();
}

void change(std::string& config, Kind kind, const std::string& busybox) {
  switch (kind) {
    case Kind::plain:
      return;
    case Kind::no_cgroup:  // the default's resources are device rules, which need one
      return cut(config, "\"resources\": {", "\"namespaces\": [");
    case Kind::user:
      return replace(config, "\"namespaces\": [", kUserNamespace);
    case Kind::hooks:
      return replace(config, "\"linux\": {", hooks(busybox) + "\"linux\": {");
    case Kind::pids:
      replace(config, "\"type\": \"pid\"",
              "\"type\": \"pid\", \"path\": \"/proc/" + std::to_string(neighbour()) + "/ns/pid\"");
      return replace(config, "\"linux\": {", hooks(busybox) + "\"linux\": {");
  }
}

}  // namespace

World World::enter() {
  World world;
  char name[] = "/tmp/asylum-kill-XXXXXX";
  if (::mkdtemp(name) == nullptr) fail("mkdtemp");
  world.directory_ = name;
  const std::string mounted = cgroup2_mount();
  const std::string own = mounted + "/asylum-kill-" + std::to_string(::getpid());
  const std::string before = read_file("/proc/self/cgroup");
  std::string home = "/";
  std::stringstream lines(before);
  for (std::string row; std::getline(lines, row);) {
    if (row.starts_with("0::")) home = row.substr(3);
  }
  if (::mkdir(own.c_str(), 0755) != 0) fail("mkdir " + own);
  write_file(own + "/cgroup.procs", "0");
  if (::unshare(CLONE_NEWPID) != 0) fail("unshare the pid namespace");
  const pid_t pid = ::fork();
  if (pid != 0) {
    int status = 0;
    ::waitpid(pid, &status, 0);
    write_file(mounted + home + "/cgroup.procs", "0");
    files::remove_all(world.directory_);
    remove_cgroups(own);
    ::_exit(exit_code(status));
  }
  ::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  // Only the child: the parent cleans up through the mounts of the world outside.
  if (::unshare(CLONE_NEWCGROUP | CLONE_NEWNS) != 0) fail("unshare");
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) fail("make / private");
  if (::mount("proc", "/proc", "proc", 0, nullptr) != 0) fail("mount /proc");
  // The kernel refuses a file system upon its own mount: the outer one goes first, from this
  // namespace only.
  ::umount2(mounted.c_str(), MNT_DETACH);
  if (::mount("none", mounted.c_str(), "cgroup2", 0, nullptr) != 0) fail("mount cgroup2");
  // The processes stay out of the root of the world's cgroups, so that controllers could be given
  // to children.
  if (::mkdir((mounted + "/driver").c_str(), 0755) != 0) fail("mkdir driver cgroup");
  write_file(mounted + "/driver/cgroup.procs", "0");
  world.cgroup_root_ = mounted;
  sigset_t set;
  ::sigemptyset(&set);
  ::sigaddset(&set, SIGCHLD);
  ::sigprocmask(SIG_BLOCK, &set, nullptr);
  return world;
}

void World::add_neighbour() const {
  int ready[2];
  if (::pipe2(ready, O_CLOEXEC) != 0) fail("pipe");
  if (::fork() == 0) {
    if (::unshare(CLONE_NEWNS) != 0) fail("unshare the neighbour's mount namespace");
    ::close(ready[0]);
    ::close(ready[1]);
    for (;;) ::pause();
  }
  char none = 0;
  ::close(ready[1]);
  static_cast<void>(::read(ready[0], &none, 1));
  ::close(ready[0]);
}

void World::make_bundle(const std::string& program, const std::string& busybox, Kind kind) {
  // The root of a user namespace must reach its root file system.
  if (::chmod(directory_.c_str(), 0755) != 0) fail("chmod");
  files::create_directories(bundle() + "/rootfs/bin");
  files::copy_file(busybox, bundle() + "/rootfs/bin/sleep");
  for (const char* name : {"dev", "proc", "sys", "etc"})
    files::create_directory(bundle() + "/rootfs/" + name);
  if (run({program, "spec", "--bundle", bundle()}, output(), 20) != 0)
    fail("spec: " + read_file(output()));
  std::string config = read_file(bundle() + "/config.json");
  replace(config, "\"terminal\": true", "\"terminal\": false");
  replace(config, "\"sh\"", "\"/bin/sleep\", \"1000\"");
  change(config, kind, busybox);
  write_file(bundle() + "/config.json", config);
}

void World::use_config(const std::string& file) {
  write_file(bundle() + "/config.json", read_file(file));
}

Snapshot World::look() const {
  return {tree(cgroup_root_), processes(), read_file("/proc/self/mountinfo"), tree(state())};
}

std::string World::difference(const Snapshot& before) const {
  std::string text;
  for (int tries = 0; tries < 50; ++tries) {
    reap();
    const Snapshot now = look();
    text = compare("cgroups", before.cgroups, now.cgroups) +
           compare("processes", before.processes, now.processes) +
           compare("mounts", before.mounts, now.mounts) + compare("state", before.state, now.state);
    if (before.processes == now.processes) break;
    wait_for_child(20);
  }
  return text;
}

pid_t start(const std::vector<std::string>& argv, const std::string& output,
            const std::function<void()>& in_child) {
  std::vector<char*> values;
  for (const std::string& value : argv) values.push_back(const_cast<char*>(value.c_str()));
  values.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid != 0) return pid;
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const int in = ::open("/dev/null", O_RDONLY);
  ::unlink(output.c_str());  // it may have become a container's
  const int out = ::open(output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
  ::dup2(in, 0);
  ::dup2(out, 1);
  ::dup2(out, 2);
  ::close_range(3, ~0U, 0);
  in_child();
  ::execv(values[0], values.data());
  ::_exit(127);
}

int run(const std::vector<std::string>& argv, const std::string& output, int timeout_s) {
  const pid_t wanted = start(argv, output, [] {});
  const time_t deadline = ::time(nullptr) + timeout_s;
  while (::time(nullptr) <= deadline) {
    int status = 0;
    const pid_t pid = ::waitpid(-1, &status, WNOHANG | __WALL);
    if (pid <= 0) {
      wait_for_child(100);
    } else if (WIFSTOPPED(status)) {
      ::ptrace(PTRACE_DETACH, pid, 0, 0);
    } else if (pid == wanted) {
      return exit_code(status);
    }
  }
  ::kill(wanted, SIGKILL);
  return -1;
}

}  // namespace killdriver
