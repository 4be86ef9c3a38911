// SPDX-License-Identifier: Apache-2.0
// Read-only and masked paths. A masked file is a bind of the verified /dev/null, a masked directory
// a clone of one shared, empty, read-only tmpfs; what is missing needs no mask.
// Runs in: init, after pivot_root.
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <string>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/root.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/file.h"
#include "runtime/sys/mount/fs_context.h"
#include "runtime/sys/mount/mount.h"

namespace asylum::process {
namespace {

constexpr std::uint64_t kMaskAttributes =
    MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

/// One superblock for all masked directories: each further one would cost its making and reaping.
class EmptyDirectory {
 public:
  explicit EmptyDirectory(const std::string& mount_label) : mount_label_(mount_label) {}

  void cover(int target) {
    if (first_) {
      const sys::Fd clone = sys::clone_tree(first_.get(), /*recursive=*/false);
      return sys::move_mount(clone.get(), target);
    }
    // Attached before it is cloned: below 6.15 a detached mount cannot be.
    first_ = make();
    sys::move_mount(first_.get(), target);
  }

 private:
  sys::Fd make() const {
    sys::FsContext fs("tmpfs");
    fs.set_string("source", "tmpfs");
    fs.set_string("nr_blocks", "1");
    fs.set_string("nr_inodes", "1");
    if (!mount_label_.empty()) fs.set_string("context", mount_label_, "/linux/mountLabel");
    fs.set_flag("ro");
    fs.create();
    return fs.mount(kMaskAttributes);
  }

  const std::string& mount_label_;
  sys::Fd first_;
};

void cover_file(InitContext& context, int target) {
  if (context.host_null) {
    // Attached before it is cloned, as above.
    sys::move_mount(context.host_null.get(), target);
    context.dev_null = std::move(context.host_null);
    return;
  }
  const sys::Fd null = sys::clone_tree(context.dev_null.get(), /*recursive=*/false);
  sys::move_mount(null.get(), target);
}

[[noreturn]] void refuse_root(const plan::PathItem& item) {
  throw Error(ErrorKind::invalid_config,
              cat(quote(item.path), " is the root directory, which cannot be masked"))
      .at(item.pointer)
      .with_hint("mask the paths below it, or make the root read-only with root.readonly");
}

}  // namespace

void make_paths_readonly(InitContext& context) {
  for (const plan::PathItem& item : context.tree.readonly_paths) {
    Step step(cat("make ", item.path, " read-only"), item.pointer);
    const auto target = context.rootfs.find(item.path, O_PATH);
    if (!target) continue;
    // A mount upon the root would not be seen, but the root is a mount itself.
    if (target->is_root) {
      make_root_readonly(context);
      continue;
    }
    // Mounts below stay as the config wants them: only the top one becomes read-only.
    const sys::Fd tree = sys::clone_tree(target->fd.get(), /*recursive=*/true);
    sys::set_attributes(tree.get(), MOUNT_ATTR_RDONLY, 0, 0, /*recursive=*/false);
    sys::move_mount(tree.get(), target->fd.get());
  }
}

void mask_paths(InitContext& context) {
  EmptyDirectory empty(context.tree.root.mount_label);
  for (const plan::PathItem& item : context.tree.masked_paths) {
    Step step(cat("mask ", item.path), item.pointer);
    // Links are followed, within the root: what can be reached by this path is what must vanish.
    const auto target = context.rootfs.find(item.path, O_PATH);
    if (!target) continue;
    if (target->is_root) refuse_root(item);
    if (S_ISDIR(sys::status_of(target->fd.get()).st_mode)) {
      empty.cover(target->fd.get());
    } else {
      cover_file(context, target->fd.get());
    }
  }
}

}  // namespace asylum::process
