// SPDX-License-Identifier: Apache-2.0
// The terminal: a pty of the container's own devpts, bound on /dev/console, and stdio.
// Runs in: init, after the mounts (the pty) and after pivot_root (stdio).
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <string>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/process.h"
#include "runtime/plan/types/root.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/file.h"
#include "runtime/sys/mount/mount.h"
#include "runtime/sys/terminal.h"

namespace asylum::process {
namespace {

void make_console_file(const sys::Rootfs& rootfs) {
  std::string name;
  const sys::Fd parent = rootfs.open_parent("/dev/console", name, /*create=*/true);
  const sys::Fd made(::openat(parent.get(), name.c_str(),
                              O_RDONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0620));
  if (!made && errno != EEXIST) throw_os("openat", errno, "make /dev/console");
}

/// /dev/console as a mount point: never through a link (CVE-2025-52565), and made only in a /dev
/// that is the container's own. None if it is absent.
std::optional<sys::Fd> find_console_target(const InitContext& context) {
  if (context.tree.own_dev) make_console_file(context.rootfs);
  auto target = context.rootfs.try_open("/dev/console", O_PATH | O_NOFOLLOW);
  if (target && S_ISLNK(sys::status_of(target->get()).st_mode)) {
    throw Error(ErrorKind::denied, "/dev/console is a symbolic link in this root file system");
  }
  return target;
}

sys::Fd open_devpts(const sys::Rootfs& rootfs) {
  auto devpts = rootfs.try_open("/dev/pts", O_PATH | O_DIRECTORY);
  if (devpts && sys::filesystem_magic(devpts->get()) == DEVPTS_SUPER_MAGIC) {
    return std::move(*devpts);
  }
  throw Error(ErrorKind::invalid_config, "a terminal needs a devpts on /dev/pts")
      .at("/process/terminal")
      .with_hint(
          "add the mount {destination: /dev/pts, type: devpts, options: [newinstance, "
          "ptmxmode=0666]}");
}

bool is_writable(int fd) {
  const int flags = ::fcntl(fd, F_GETFL);
  return flags >= 0 && (flags & O_ACCMODE) != O_RDONLY;
}

/// Whether stdio's owner is ours to change. Pipes and sockets are made for the program. A file in
/// the foreground is the caller's own (`exec --user 1000 c cat </root/f`); detached, what is opened
/// for writing is the container's log. Never a directory, a device node, or anything of procfs.
bool is_ours_to_give(int fd, mode_t mode, bool detached) {
  if (S_ISFIFO(mode) || S_ISSOCK(mode)) return true;
  return S_ISREG(mode) && detached && is_writable(fd) &&
         sys::filesystem_magic(fd) != PROC_SUPER_MAGIC;
}

/// So that /dev/stdout can be opened again.
void give_to(uid_t uid, int fd, bool detached) {
  struct ::stat status {};
  if (::fstat(fd, &status) != 0) return;  // closed by the caller: nothing to give
  if (status.st_uid == uid || !is_ours_to_give(fd, status.st_mode, detached)) return;
  if (::fchown(fd, uid, static_cast<gid_t>(-1)) == 0) return;
  // The owner is not mapped here, or the file system does not let us: the program has what it has.
  if (errno == EINVAL || errno == EPERM || errno == EROFS) return;
  throw_os("fchown", errno, cat("give descriptor ", fd, " to the user"));
}

sys::Pseudoterminal open_terminal(const InitContext& context) {
  const plan::Process& process = context.process;
  const sys::Fd devpts = open_devpts(context.rootfs);
  sys::Pseudoterminal pty = sys::open_pseudoterminal(devpts.get());
  if (process.console_rows != 0 || process.console_columns != 0) {
    sys::set_window_size(pty.peer.get(), {process.console_rows, process.console_columns});
  }
  return pty;
}

void hand_over(InitContext& context, sys::Pseudoterminal pty) {
  const uid_t uid = context.process.identity.uid;
  if (uid != 0 && ::fchown(pty.peer.get(), uid, static_cast<gid_t>(-1)) != 0) {
    throw_os("fchown", errno, cat("give the terminal to uid ", uid));
  }
  context.channel.send_console(pty.master.get());
  context.console = std::move(pty.peer);
}

}  // namespace

void make_console(InitContext& context) {
  sys::Pseudoterminal pty = open_terminal(context);
  if (const auto target = find_console_target(context)) {
    const sys::Fd tree = sys::clone_tree(pty.peer.get(), /*recursive=*/false);
    sys::move_mount(tree.get(), target->get());
  }
  hand_over(context, std::move(pty));
}

void make_unbound_console(InitContext& context) {
  hand_over(context, open_terminal(context));
}

void control_terminal(InitContext&) {
  sys::set_controlling_terminal(STDIN_FILENO);
}

void make_console_stdio(InitContext& context) {
  for (int fd = 0; fd < 3; ++fd) sys::duplicate_to(context.console.get(), fd);
  context.console.reset();
}

void own_stdio(InitContext& context) {
  const plan::Process& process = context.process;
  for (int fd = 0; fd < 3; ++fd) give_to(process.identity.uid, fd, process.detached);
}

}  // namespace asylum::process
