// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/main/detach_root.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include <exception>
#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/mount/mount.h"
#include "runtime/sys/process/namespaces.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/procfs.h"

namespace asylum::process {
namespace {

struct Detaching {
  const AttachedRoot& attachment;
  int mount_namespace;
};

// Whoever is not the initial root has power over the namespace only as its owner.
void enter(int mount_namespace) {
  try {
    sys::set_namespace(mount_namespace, CLONE_NEWNS);
  } catch (const Error& error) {
    const auto owner = sys::owning_user_namespace(mount_namespace);
    if (error.err != EPERM || !owner) throw;
    sys::set_namespace(owner->get(), CLONE_NEWUSER);
    sys::set_namespace(mount_namespace, CLONE_NEWNS);
  }
}

void unmount(const Detaching& detaching) {
  // Opened before anything of the namespace is near.
  const sys::Procfs procfs = sys::Procfs::open_host();
  enter(detaching.mount_namespace);
  const std::string& path = detaching.attachment.path;
  const auto top = sys::try_open_at(AT_FDCWD, path, O_PATH | O_DIRECTORY);
  // Covered by another mount, or unmounted already: it is not ours to touch.
  if (!top || sys::mount_id_of(top->get()) != detaching.attachment.mount_id) return;
  // By the descriptor: whoever lives in that namespace may have changed what the path leads to.
  sys::unmount(top->get(), procfs);
}

// Main must not enter a mount namespace itself: its root and working directory would be lost.
[[noreturn]] void run_detaching(void* context) noexcept {
  try {
    unmount(*static_cast<const Detaching*>(context));
    sys::exit_now(0);
  } catch (const Error& error) {
    sys::exit_now(error.err != 0 ? error.err : EIO);
  } catch (const std::exception&) {
    sys::exit_now(EIO);
  }
}

std::optional<sys::Fd> try_open_namespace(const AttachedRoot& attachment) {
  auto space = sys::try_open_at(AT_FDCWD, attachment.mount_namespace, O_RDONLY | O_NONBLOCK);
  if (!space || sys::status_of(space->get()).st_ino != attachment.namespace_id) return std::nullopt;
  return space;
}

}  // namespace

std::uint64_t namespace_id_of(const std::string& path) {
  return sys::status_of(sys::open_at(AT_FDCWD, path, O_PATH).get()).st_ino;
}

void detach_root(const AttachedRoot& attachment) {
  const auto space = try_open_namespace(attachment);
  if (!space) return;
  Step step{cat("unmount ", quote(attachment.path), " in the mount namespace ",
                quote(attachment.mount_namespace))};
  Detaching detaching{attachment, space->get()};
  const sys::Child child = sys::clone_process({}, run_detaching, &detaching);
  const auto end = sys::wait_pidfd(child.pidfd.get());
  if (!end || !end->exited || end->code != 0) {
    throw_os("umount2", end && end->exited ? end->code : EIO, "take the root away");
  }
}

}  // namespace asylum::process
