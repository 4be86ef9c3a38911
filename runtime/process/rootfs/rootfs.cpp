// SPDX-License-Identifier: Apache-2.0
// The root of the container: made a mount, entered, closed to change.
// Runs in: init, before and after pivot_root.
#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <string>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/process.h"
#include "runtime/plan/types/root.h"
#include "runtime/process/both/clone_flags.h"
#include "runtime/process/init/steps.h"
#include "runtime/process/rootfs/mount_operations.h"
#include "runtime/sys/file.h"
#include "runtime/sys/mount/mount.h"

namespace asylum::process {
namespace {

sys::Fd attach_clone_of(int source, int target) {
  // Recursive: below a mount that a less privileged namespace got from a more privileged one, the
  // kernel clones nothing or all (locked mounts).
  sys::Fd tree = sys::clone_tree(source, /*recursive=*/true);
  sys::move_mount(tree.get(), target);
  return tree;
}

/// The mount that `directory` lies on, found upwards: no mount table is read.
void make_mount_private(sys::Fd directory) {
  while (!sys::is_mount_root(directory.get())) {
    directory = sys::open_at(directory.get(), "..", O_PATH | O_DIRECTORY);
  }
  sys::set_attributes(directory.get(), 0, 0, MS_PRIVATE, /*recursive=*/false);
}

}  // namespace

void detach_propagation(InitContext& context) {
  const PropagationChange& change = context.tree.root.parent_propagation;
  const sys::Fd top = sys::open_at(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
  sys::set_attributes(top.get(), 0, 0, sys::propagation_flag(change.to), change.recursive);
}

void attach_root(InitContext& context) {
  const plan::Root& root = context.tree.root;
  const sys::Fd directory = sys::open_at(AT_FDCWD, root.path, O_PATH | O_DIRECTORY);
  // A shared parent would show the new mount to the host, and pivot_root(2) refuses it.
  if (root.parent_propagation.to == Propagation::shared) make_mount_private(directory.dup());
  context.rootfs.replace_root(attach_clone_of(directory.get(), directory.get()));
  make_readonly_below(context.rootfs.root(), root.readonly_below);
}

void chroot_to(int directory) {
  if (::fchdir(directory) != 0) throw_os("fchdir", errno, "enter the root");
  if (::chroot(".") != 0) throw_os("chroot", errno, "enter the root");
}

void change_root(InitContext& context) {
  if (context.tree.root.no_pivot) return move_root(context);
  sys::pivot_root_here(context.rootfs.root());
}

void enter_root(InitContext& context) {
  // No mount namespace of our own: nothing may be mounted, chroot is all there is.
  context.rootfs.replace_root(sys::open_at(AT_FDCWD, context.tree.root.path, O_PATH | O_DIRECTORY));
  chroot_to(context.rootfs.root());
}

void attach_in_joined_namespace(InitContext& context) {
  const sys::Fd tree = sys::clone_tree(context.rootfs.root(), /*recursive=*/true);
  // Main notes which mount it is before anybody can see it: `delete` takes it away.
  context.channel.announce_attachment(sys::mount_id_of(tree.get()));
  const std::string& path = context.tree.root.path;
  join_all({&*context.mount_namespace, 1});
  const Step step("open the root's path in the joined mount namespace");
  const sys::Fd target = sys::open_at(AT_FDCWD, path, O_PATH | O_DIRECTORY);
  sys::move_mount(tree.get(), target.get());
  chroot_to(tree.get());
  context.rootfs.replace_root(tree.dup());
  context.mount_namespace.reset();
}

void set_root_propagation(InitContext& context) {
  const PropagationChange& change = *context.tree.root.propagation;
  // Private and slave is everything below the root since before the first mount: what is something
  // else now is so by its own words. To be shared or unbindable, all wait for pivot_root.
  const bool recursive = change.recursive &&
                         (change.to == Propagation::shared || change.to == Propagation::unbindable);
  sys::set_attributes(context.rootfs.root(), 0, 0, sys::propagation_flag(change.to), recursive);
  if (!recursive) return;
  for (const auto& [mount, words] : context.own_propagation) {
    set_propagation(mount.get(), *words);
  }
  context.own_propagation.clear();
}

void make_cwd(InitContext& context) {
  const std::string& cwd = context.process.cwd;
  try {
    if (!context.rootfs.try_open(cwd, O_PATH)) context.rootfs.make_directories(cwd);
  } catch (const Error& error) {
    // A magic link (/proc/self/fd/7) is nothing to be made: chdir and the proof after it decide.
    if (error.err != ELOOP) throw;
  }
}

void make_mounts_readonly(InitContext& context) {
  for (const sys::Fd& mount : context.readonly_last) {
    sys::set_attributes(mount.get(), MOUNT_ATTR_RDONLY, 0, 0, /*recursive=*/false);
  }
  context.readonly_last.clear();
}

void make_root_readonly(InitContext& context) {
  sys::set_attributes(context.rootfs.root(), MOUNT_ATTR_RDONLY, 0, 0, /*recursive=*/false);
}

}  // namespace asylum::process
