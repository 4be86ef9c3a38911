// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/mount/rootfs.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/mount/mount.h"

namespace asylum::sys {
namespace {

constexpr std::uint64_t kInRoot = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS;
constexpr int kMaxLinks = 40;  // as the kernel's MAXSYMLINKS

[[noreturn]] void refuse(const char* syscall, int error_number, const char* what,
                         const std::string& path) {
  throw_os(syscall, error_number, cat(what, ' ', quote(path), " in the root file system"));
}

struct Split {
  std::string parent;
  std::string name;
};

// `path` is clean and not "/".
Split split_last(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

// Opens what we have just made by that name, and nothing that a link put in its place.
Fd open_made(int parent, const std::string& name, int flags, const std::string& path) {
  const int fd = openat2_or_errno(parent, name, flags | O_NOFOLLOW, 0, kResolveStrict);
  if (fd < 0) refuse("openat2", -fd, "open", path);
  return Fd(fd);
}

std::optional<std::string> link_target(int parent, const std::string& name) {
  struct ::stat status {};
  if (::fstatat(parent, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
  if (!S_ISLNK(status.st_mode)) return std::nullopt;
  return read_link_at(parent, name);
}

Fd make_directories_below(int root, const std::string& path, mode_t mode, int links_left) {
  constexpr int kFlags = O_PATH | O_DIRECTORY;
  int fd = openat2_or_errno(root, path, kFlags, 0, kInRoot);
  if (fd >= 0) return Fd(fd);
  if (fd != -ENOENT || path == "/") refuse("openat2", -fd, "open", path);
  const Split split = split_last(path);
  const Fd parent = make_directories_below(root, split.parent, mode, links_left);
  if (::mkdirat(parent.get(), split.name.c_str(), mode) == 0) {
    return open_made(parent.get(), split.name, kFlags, path);
  }
  if (errno != EEXIST) refuse("mkdirat", errno, "make directory", path);
  // Somebody was quicker, or a link points at nothing: then its target is made, in the root like
  // all else.
  if (links_left == 0) refuse("openat2", ELOOP, "make directory", path);
  if (const auto target = link_target(parent.get(), split.name)) {
    const bool absolute = target->starts_with('/');
    const std::string wanted = clean_path(absolute ? *target : cat(split.parent, '/', *target));
    make_directories_below(root, wanted, mode, links_left - 1);
  }
  fd = openat2_or_errno(root, path, kFlags, 0, kInRoot);
  if (fd < 0) refuse("openat2", -fd, "make directory", path);
  return Fd(fd);
}

Fd make_file_below(int root, const std::string& path, mode_t mode, int links_left) {
  int fd = openat2_or_errno(root, path, O_PATH, 0, kInRoot);
  if (fd >= 0) {
    Fd existing(fd);
    if (!S_ISDIR(status_of(fd).st_mode)) return existing;
    refuse("openat2", EISDIR, "make file", path);
  }
  if (fd != -ENOENT && fd != -ENOTDIR) refuse("openat2", -fd, "open", path);
  if (path == "/") refuse("openat2", EINVAL, "find the parent of", path);
  const Split split = split_last(path);
  const Fd parent = make_directories_below(root, split.parent, 0755, kMaxLinks);
  constexpr int kFlags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  Fd made(::openat(parent.get(), split.name.c_str(), kFlags, mode));
  if (made) return made;
  if (errno != EEXIST) refuse("openat", errno, "make file", path);
  // As with directories: somebody was quicker, or a link points at nothing (/etc/resolv.conf of
  // many images, into a /run that is filled at boot).
  if (links_left == 0) refuse("openat2", ELOOP, "make file", path);
  if (const auto target = link_target(parent.get(), split.name)) {
    const bool absolute = target->starts_with('/');
    const std::string wanted = clean_path(absolute ? *target : cat(split.parent, '/', *target));
    make_file_below(root, wanted, mode, links_left - 1);
  }
  fd = openat2_or_errno(root, path, O_PATH, 0, kInRoot);
  if (fd < 0) refuse("openat2", fd == -ENOENT ? EEXIST : -fd, "make file", path);
  return Fd(fd);
}

}  // namespace

Fd Rootfs::open(const std::string& path, int flags) const {
  const int fd = openat2_or_errno(root(), path, flags, 0, kInRoot);
  if (fd < 0) refuse("openat2", -fd, "open", path);
  return Fd(fd);
}

std::optional<Fd> Rootfs::try_open(const std::string& path, int flags) const {
  const int fd = openat2_or_errno(root(), path, flags, 0, kInRoot);
  if (fd >= 0) return Fd(fd);
  if (fd == -ENOENT || fd == -ENOTDIR) return std::nullopt;
  refuse("openat2", -fd, "open", path);
}

std::optional<Rootfs::Found> Rootfs::find(const std::string& path, int flags) const {
  // A clean path without links leads to the root only if it is "/": the common case costs no more
  // than try_open.
  const std::string clean = clean_path(path);
  const int fd = openat2_or_errno(root(), clean, flags, 0, kInRoot | RESOLVE_NO_SYMLINKS);
  if (fd >= 0) return Found{Fd(fd), clean == "/"};
  if (fd != -ELOOP) {
    if (fd == -ENOENT || fd == -ENOTDIR) return std::nullopt;
    refuse("openat2", -fd, "open", path);
  }
  auto followed = try_open(clean, flags);
  if (!followed) return std::nullopt;
  const bool is_root = identity_of(followed->get()) == identity_of(root()) &&
                       mount_id_of(followed->get()) == mount_id_of(root());
  return Found{std::move(*followed), is_root};
}

Fd Rootfs::make_directories(const std::string& path, mode_t mode) const {
  return make_directories_below(root(), clean_path(path), mode, kMaxLinks);
}

Fd Rootfs::make_file(const std::string& path, mode_t mode) const {
  return make_file_below(root(), clean_path(path), mode, kMaxLinks);
}

Fd Rootfs::open_parent(const std::string& path, std::string& last_component, bool create) const {
  const std::string clean = clean_path(path);
  if (clean == "/") refuse("openat2", EINVAL, "find the parent of", clean);
  Split split = split_last(clean);
  last_component = std::move(split.name);
  return create ? make_directories(split.parent) : open(split.parent, O_PATH | O_DIRECTORY);
}

bool Rootfs::is_plain_directory_path(const std::string& path) const {
  constexpr std::uint64_t kPlain = kInRoot | RESOLVE_NO_SYMLINKS;
  const int fd = openat2_or_errno(root(), clean_path(path), O_PATH | O_DIRECTORY, 0, kPlain);
  const Fd owned(fd);
  return fd >= 0 || fd == -ENOENT;
}

}  // namespace asylum::sys
