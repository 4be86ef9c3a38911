// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/mount/legacy_mount.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/mount/fs_context.h"
#include "runtime/sys/mount/mount.h"
#include "runtime/sys/process/namespaces.h"
#include "runtime/sys/procfs.h"

namespace asylum::sys {
namespace {

/// A mount namespace that nobody else is in, until leave().
class PrivateNamespace {
 public:
  explicit PrivateNamespace(const Procfs& procfs)
      : own_(procfs.open_link("thread-self/ns", "mnt", O_RDONLY)),
        root_(open_at(AT_FDCWD, "/", O_PATH | O_DIRECTORY)),
        here_(open_at(AT_FDCWD, ".", O_PATH | O_DIRECTORY)) {
    unshare(CLONE_NEWNS);
  }

  /// setns(2) takes root and working directory to the namespace's own: they are entered again.
  void leave() const {
    set_namespace(own_.get(), CLONE_NEWNS);
    if (::fchdir(root_.get()) != 0 || ::chroot(".") != 0) {
      throw_os("chroot", errno, "return to the root");
    }
    if (::fchdir(here_.get()) != 0) throw_os("fchdir", errno, "return to the working directory");
  }

 private:
  Fd own_;
  Fd root_;
  Fd here_;
};

/// An empty directory, attached: mount(2) takes no other target, and only attached mounts can be
/// cloned below 6.15.
Fd attach_scratch() {
  const Fd top = open_at(AT_FDCWD, "/", O_PATH | O_DIRECTORY);
  set_attributes(top.get(), 0, 0, MS_PRIVATE, /*recursive=*/true);
  FsContext fs("tmpfs");
  fs.create();
  Fd scratch = fs.mount(0);
  // Over "/" no path leads to it: our root stays what is below.
  move_mount(scratch.get(), top.get());
  return scratch;
}

Fd mount_here(const LegacyMount& request, const Procfs& procfs) {
  constexpr const char* kName = "mount";
  const Fd scratch = attach_scratch();
  make_directory_at(scratch.get(), kName, 0700);
  const Fd target = open_at(scratch.get(), kName, O_PATH | O_DIRECTORY);
  const int error_number = within(procfs, [&] {
    const std::string link = cat("thread-self/fd/", target.get());
    return ::mount(request.source.c_str(), link.c_str(), request.fs_type.c_str(), request.flags,
                   request.data.c_str());
  });
  if (error_number != 0) {
    throw_os("mount", error_number,
             cat("mount ", quote(request.fs_type), " with options ", quote(request.data)),
             hint_for_mount_error(error_number));
  }
  const Fd mounted = open_at(scratch.get(), kName, O_PATH | O_DIRECTORY);
  return clone_tree(mounted.get(), /*recursive=*/false);
}

}  // namespace

Fd mount_on_scratch(const LegacyMount& request, const Procfs& procfs) {
  const PrivateNamespace away(procfs);
  Fd made;
  try {
    made = mount_here(request, procfs);
  } catch (...) {
    away.leave();
    throw;
  }
  away.leave();
  return made;
}

}  // namespace asylum::sys
