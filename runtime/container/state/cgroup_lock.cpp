// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/cgroup_lock.h"

#include <fcntl.h>

#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/container/state/state_store.h"
#include "runtime/sys/file.h"
#include "runtime/sys/lock.h"

namespace asylum::container {
namespace {

constexpr char kLockName[] = "update.lock";

}  // namespace

sys::Fd lock_cgroup(int state_directory, const std::string& id) {
  auto file = sys::try_open_at(state_directory, kLockName, O_RDWR | O_CREAT | O_NOFOLLOW, 0600);
  if (!file) throw_does_not_exist(id);  // deleted meanwhile
  if (sys::lock_until(file->get(), sys::Deadline::patience())) return std::move(*file);
  throw Error(ErrorKind::wrong_state,
              cat("another update, pause or resume of container ", id, " is under way"));
}

}  // namespace asylum::container
