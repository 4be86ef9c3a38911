// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/container_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/container/state_store.h"
#include "runtime/sys/file.h"
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
constexpr int kFlags = O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;

}  // namespace

ContainerLock ContainerLock::make(int state_directory, const std::string& id) {
  ContainerLock lock(sys::open_at(state_directory, kLockName, kFlags, kMode));
  if (!sys::try_lock(lock.file_.get())) throw_busy(lock.file_.get(), id);
  check_still_there(lock.file_.get(), id);
  return lock;
}

ContainerLock ContainerLock::take(int state_directory, const std::string& id,
                                  const sys::Deadline& deadline) {
  // O_CREAT: a create killed right after its mkdir has left none. In a directory that has been
  // deleted it fails.
  auto file = sys::try_open_at(state_directory, kLockName, kFlags, kMode);
  if (!file) throw_does_not_exist(id);
  if (!S_ISREG(sys::status_of(file->get()).st_mode)) throw_damaged(id, "its lock is no file");
  ContainerLock lock(std::move(*file));
  if (!sys::try_lock(lock.file_.get()) && !sys::lock_until(lock.file_.get(), deadline)) {
    throw_busy(lock.file_.get(), id);
  }
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
