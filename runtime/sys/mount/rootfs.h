// SPDX-License-Identifier: Apache-2.0
// The container's root file system: the only way to open or create anything below it.
// All look-ups are openat2(2) with RESOLVE_IN_ROOT and RESOLVE_NO_MAGICLINKS from the root's
// descriptor, so a link in the image, or one swapped in while we work, ends inside (CVE-2021-30465,
// CVE-2024-45310, CVE-2026-41579).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "runtime/sys/fd.h"

namespace asylum::sys {

/// Paths are the container's: "/dev/pts" or "dev/pts", resolved as if the root were "/".
class Rootfs {
 public:
  /// `root` is a directory, O_PATH suffices.
  explicit Rootfs(Fd root) : root_(std::move(root)) {}

  int root() const { return root_.get(); }
  /// After a mount on "/": later look-ups begin there.
  void replace_root(Fd root) { root_ = std::move(root); }

  /// Opens what is there, following links within the root. O_CLOEXEC is added. Throws: open "PATH"
  /// in the root.
  Fd open(const std::string& path, int flags) const;
  /// nullopt for ENOENT, ENOTDIR and a dangling link.
  std::optional<Fd> try_open(const std::string& path, int flags) const;

  struct Found {
    Fd fd;
    bool is_root = false;  // the path leads to the root directory of the root file system itself
  };
  /// As try_open, for what is to be mounted upon. A mount on the root directory would lie on top of
  /// the directory that the process keeps as its root: it would have no effect.
  std::optional<Found> find(const std::string& path, int flags) const;

  /// mkdir -p, component by component; existing directories and links to such are kept, and
  /// the target of a dangling link is made (in the root). Subject to umask. Returns an O_PATH
  /// descriptor of the last one. Throws.
  Fd make_directories(const std::string& path, mode_t mode = 0755) const;

  /// An existing file (any kind but directory) or a new empty one, with its parents; a mount point
  /// for files. The last component is not followed when it is made (O_EXCL). Returns O_PATH.
  /// Throws.
  Fd make_file(const std::string& path, mode_t mode = 0644) const;

  /// The directory that holds the path's last component (O_PATH), for mknodat, symlinkat, unlinkat
  /// with `last_component`, which is one plain name. `create` makes missing directories. Throws;
  /// "/" has no parent.
  Fd open_parent(const std::string& path, std::string& last_component, bool create) const;

  /// Whether the path exists as a directory and no component is a symbolic link: what a destination
  /// of proc and sysfs must be (CVE-2019-19921, CVE-2023-27561). An absent path is plain too: it
  /// will be made.
  bool is_plain_directory_path(const std::string& path) const;

 private:
  Fd root_;
};

}  // namespace asylum::sys
