// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/container_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/container/state/state_store.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/lock.h"
#include "runtime/sys/own_file.h"

namespace asylum::container {
namespace {

constexpr char kLockName[] = "lock";
constexpr mode_t kMode = 0600;

// The holder before us may have been a delete: then we have locked a file without a name.
void check_still_there(int file, const std::string& id) {
  if (sys::status_of(file).st_nlink == 0) throw_does_not_exist(id);
}

[[noreturn]] void throw_busy(int file, const std::string& id) {
  const std::optional<pid_t> holder = sys::lock_holder(file);
  throw Error(ErrorKind::wrong_state,
              cat("container ", quote(id), " is busy: process ", holder.value_or(0),
                  " is creating, starting or deleting it"))
      .with_hint("wait for that process, or kill it");
}

// O_NONBLOCK: no FIFO keeps us waiting.
constexpr int kFlags = O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

/// The directory that a delete is about to remove. Only its parent tells of an rmdir(2): whoever
/// has a directory open keeps its inode.
void wait_until_gone(int state_directory) {
  const auto deadline = sys::Deadline::patience();
  const sys::Fd watch(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK));
  const std::string parent = cat("/proc/self/fd/", state_directory, "/..");
  if (!watch || ::inotify_add_watch(watch.get(), parent.c_str(), IN_DELETE) < 0) return;
  std::array<char, 4096> events;
  while (sys::status_of(state_directory).st_nlink != 0) {
    if (!sys::wait_for(watch.get(), POLLIN, deadline)) return;
    static_cast<void>(!::read(watch.get(), events.data(), events.size()));
  }
}

/// Nothing if a delete is at its last two steps, or was killed between them: a lock made there
/// would make a second winner of whoever holds it.
std::optional<sys::Fd> try_open_or_make(int state_directory) {
  auto file = sys::try_open_at(state_directory, kLockName, kFlags);
  if (file || is_leaving(state_directory)) return file;
  // A create killed right after its mkdir has left none. In a directory that has been deleted
  // this fails.
  return sys::try_open_at(state_directory, kLockName, kFlags | O_CREAT, kMode);
}

}  // namespace

std::optional<ContainerLock> ContainerLock::try_make(int state_directory, const std::string& id) {
  auto file = sys::try_open_at(state_directory, kLockName, kFlags | O_CREAT, kMode);
  if (!file) return std::nullopt;
  ContainerLock lock(std::move(*file));
  lock.wait(id, sys::Deadline::patience());
  // Also a lock that we have made between the last two steps of that delete.
  if (!is_leaving(state_directory)) return lock;
  lock.release();
  wait_until_gone(state_directory);
  return std::nullopt;
}

void ContainerLock::wait(const std::string& id, const sys::Deadline& deadline) const {
  if (!sys::try_lock(file_.get()) && !sys::lock_until(file_.get(), deadline)) {
    throw_busy(file_.get(), id);
  }
}

ContainerLock ContainerLock::take(int state_directory, const std::string& id,
                                  const sys::Deadline& deadline) {
  auto file = try_open_or_make(state_directory);
  if (!file) throw_does_not_exist(id);
  if (!S_ISREG(sys::status_of(file->get()).st_mode)) throw_damaged(id, "its lock is no file");
  ContainerLock lock(std::move(*file));
  lock.wait(id, deadline);
  check_still_there(lock.file_.get(), id);
  return lock;
}

void ContainerLock::discard_false(int state_directory) {
  struct ::stat status {};
  if (::fstatat(state_directory, kLockName, &status, AT_SYMLINK_NOFOLLOW) != 0) return;
  if (!S_ISREG(status.st_mode)) sys::remove_tree_at(state_directory, kLockName);
}

bool is_locked(int state_directory) {
  const sys::Fd file(
      ::openat(state_directory, kLockName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (file) return sys::lock_holder(file.get()).has_value();
  if (sys::is_shortage(errno)) throw_os("openat", errno, cat("open ", quote(kLockName)));
  return false;
}

}  // namespace asylum::container
