// SPDX-License-Identifier: Apache-2.0
#include "tests/kernel/init_support.h"

#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <string>

#include "runtime/base/error.h"
#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/init/steps.h"
#include "runtime/process/main/launch.h"
#include "runtime/process/main/open_gate.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {
namespace {

constexpr char kBusybox[] = "/bin/busybox";

std::string read_to_end(int fd) {
  std::string text;
  std::array<char, 4096> chunk;
  for (;;) {
    const ssize_t count = ::read(fd, chunk.data(), chunk.size());
    if (count <= 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(count));
  }
}

/// Stdin from /dev/null, stdout and stderr into `output`, while it lives.
class Redirected {
 public:
  explicit Redirected(int output) {
    for (int fd = 0; fd < 3; ++fd) saved_[static_cast<std::size_t>(fd)] = sys::duplicate(fd, 10);
    const sys::Fd null = sys::open_at(AT_FDCWD, "/dev/null", O_RDWR);
    sys::duplicate_to(null.get(), 0);
    sys::duplicate_to(output, 1);
    sys::duplicate_to(output, 2);
  }
  ~Redirected() {
    for (int fd = 0; fd < 3; ++fd) {
      sys::duplicate_to(saved_[static_cast<std::size_t>(fd)].get(), fd);
    }
  }

 private:
  std::array<sys::Fd, 3> saved_;
};

void describe(const Error& error, Outcome& outcome) {
  outcome.error = sentence_of(error);
  outcome.hint = error.hint;
  outcome.pointer = error.pointer;
  outcome.context = error.context;
}

}  // namespace

bool has_static_busybox() {
  return ::access(kBusybox, X_OK) == 0;
}

bool has_time_namespaces() {
  return ::access("/proc/self/ns/time", F_OK) == 0;
}

bool kernel_is_at_least(int major, int minor) {
  struct ::utsname name {};
  int its_major = 0, its_minor = 0;
  if (::uname(&name) != 0 || ::sscanf(name.release, "%d.%d", &its_major, &its_minor) != 2) {
    return true;
  }
  return its_major > major || (its_major == major && its_minor >= minor);
}

BusyboxRoot::BusyboxRoot() : path_(directory_.path() + "/rootfs") {
  const mode_t before = ::umask(022);
  for (const char* name : {"", "/bin", "/etc", "/proc", "/sys", "/dev", "/tmp", "/data"}) {
    ::mkdir((path_ + name).c_str(), 0755);
  }
  const sys::Fd from = sys::open_at(AT_FDCWD, kBusybox, O_RDONLY);
  const sys::Fd to =
      sys::open_at(AT_FDCWD, path_ + "/bin/busybox", O_WRONLY | O_CREAT | O_EXCL, 0755);
  sys::write_all(to.get(), sys::read_all(from.get(), 1U << 26));
  for (const char* applet :
       {"sh",       "cat",   "ls",    "id",   "stat",  "mount",    "echo",   "true",
        "hostname", "grep",  "env",   "pwd",  "touch", "readlink", "ulimit", "umask",
        "tty",      "sleep", "mkdir", "head", "wc",    "test",     "kill"}) {
    EXPECT_EQ(::symlink("busybox", (path_ + "/bin/" + applet).c_str()), 0);
  }
  const sys::Fd passwd =
      sys::open_at(AT_FDCWD, path_ + "/etc/passwd", O_WRONLY | O_CREAT | O_EXCL, 0644);
  sys::write_all(passwd.get(),
                 "root:x:0:0:root:/root-home:/bin/sh\nuser:x:1000:1000::/home:/bin/sh\n");
  ::umask(before);
}

plan::Mount filesystem_mount(const std::string& type, const std::string& destination,
                             std::uint64_t attributes) {
  plan::Mount mount;
  mount.kind = plan::MountKind::filesystem;
  mount.fs_type = type;
  mount.source = type;
  mount.destination = destination;
  mount.attributes.set = attributes;
  mount.pointer = "/mounts/0";
  return mount;
}

plan::Mount bind_mount(const std::string& source, const std::string& destination, bool recursive) {
  plan::Mount mount;
  mount.kind = plan::MountKind::bind;
  mount.source = source;
  mount.destination = destination;
  mount.recursive_bind = recursive;
  mount.pointer = "/mounts/0";
  return mount;
}

plan::Plan default_plan(const BusyboxRoot& root, const std::string& script) {
  using namespace attribute;
  plan::Plan p;
  p.state = {"1.3.0", "init-test", "/bundle", {}};
  for (const NamespaceType type :
       {NamespaceType::pid, NamespaceType::network, NamespaceType::ipc, NamespaceType::uts,
        NamespaceType::mount, NamespaceType::cgroup}) {
    p.namespaces.push_back({type, "", "/linux/namespaces/0"});
  }
  p.root.path = root.path();
  p.root.readonly = true;
  p.mounts.push_back(filesystem_mount("proc", "/proc"));
  p.mounts.push_back(filesystem_mount("tmpfs", "/dev", nosuid | 0x20));
  p.mounts.back().parameters = {{"mode", "755", ""}, {"size", "65536k", ""}};
  p.mounts.push_back(filesystem_mount("devpts", "/dev/pts", nosuid | noexec));
  p.mounts.back().parameters = {
      {"newinstance", {}, ""}, {"ptmxmode", "0666", ""}, {"mode", "0620", ""}, {"gid", "5", ""}};
  p.mounts.push_back(filesystem_mount("tmpfs", "/dev/shm", nosuid | noexec | nodev));
  p.mounts.push_back(filesystem_mount("mqueue", "/dev/mqueue", nosuid | noexec | nodev));
  p.mounts.push_back(filesystem_mount("sysfs", "/sys", nosuid | noexec | nodev | rdonly));
  p.own_dev = true;
  p.devices = {{"/dev/null", 'c', 1, 3},   {"/dev/zero", 'c', 1, 5}, {"/dev/full", 'c', 1, 7},
               {"/dev/random", 'c', 1, 8}, {"/dev/tty", 'c', 5, 0},  {"/dev/urandom", 'c', 1, 9}};
  p.links = {{"/dev/fd", "/proc/self/fd"},
             {"/dev/stdin", "/proc/self/fd/0"},
             {"/dev/stdout", "/proc/self/fd/1"},
             {"/dev/stderr", "/proc/self/fd/2"},
             {"/dev/ptmx", "pts/ptmx"}};
  for (const char* path :
       {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"}) {
    p.readonly_paths.push_back({path, "/linux/readonlyPaths/0"});
  }
  for (const char* path : {"/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list",
                           "/sys/firmware", "/proc/scsi", "/no/such"}) {
    p.masked_paths.push_back({path, "/linux/maskedPaths/0"});
  }
  p.hostname = "asylum";
  p.loopback_up = true;
  p.process.args = {"sh", "-c", script};
  p.process.env = {"PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"};
  constexpr std::uint64_t kDefaultSet = 1U << 29 | 1U << 5 | 1U << 10;
  plan::Identity& who = p.process.identity;
  who.capabilities = {kDefaultSet, kDefaultSet, kDefaultSet, 0, 0};
  who.has_capabilities = true;
  who.no_new_privileges = true;
  p.process.limits = {{7, "RLIMIT_NOFILE", 1024, 1024, "/process/rlimits/0"}};
  return p;
}

Outcome run_container(const BusyboxRoot& root, const plan::Plan& plan, const Hooks& hooks) {
  Outcome outcome;
  sys::Pipe pipe = sys::make_pipe();
  GateEnds gate = make_gate(root.state_fd());
  const Duties duties{[](pid_t, int) {}, hooks.filter, hooks.host_hooks, hooks.console};
  Launched launched;
  try {
    {
      Redirected redirected(pipe.write_end.get());
      launched = launch({plan, -1, gate}, duties);
    }
    pipe.write_end.reset();
    gate = {};
    commit(launched);
    open_gate(root.state_fd(), launched.pidfd.get(), launched.pid);
  } catch (const Error& error) {
    describe(error, outcome);
  }
  pipe.write_end.reset();
  outcome.output = read_to_end(pipe.read_end.get());
  (void)sys::try_remove_at(root.state_fd(), kGoName);
  (void)sys::try_remove_at(root.state_fd(), kAnswerName);
  if (!launched.pidfd) return outcome;
  if (const auto end = sys::wait_pidfd(launched.pidfd.get())) {
    outcome.exit_code = end->exited ? end->code : 128 + end->signal;
  }
  return outcome;
}

void check(bool condition, const std::string& what) {
  if (!condition) throw Error(ErrorKind::internal, "CHECK: " + what);
}

std::string in_root(const BusyboxRoot& root, const plan::Plan& plan,
                    const std::function<void(InitContext&)>& body) {
  sys::Pipe pipe = sys::make_pipe();
  const pid_t child = ::fork();
  if (child == 0) {
    std::string report;
    try {
      check(::unshare(CLONE_NEWNS) == 0, "unshare");
      const GateEnds gate;
      auto [ours, theirs] = make_channel();
      InitContext context{.plan = plan, .channel = std::move(theirs), .gate = gate};
      ::umask(0);
      detach_propagation(context);
      attach_root(context);
      body(context);
    } catch (const Error& error) {
      report = sentence_of(error);
    }
    (void)!::write(pipe.write_end.get(), report.data(), report.size());
    ::_exit(0);
  }
  pipe.write_end.reset();
  (void)root;
  std::string report = read_to_end(pipe.read_end.get());
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) report += cat("child ended with ", status);
  return report;
}

}  // namespace asylum::process
