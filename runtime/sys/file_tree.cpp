// SPDX-License-Identifier: Apache-2.0
// Directories: make, list, remove. Everything by descriptor and one component at a time.
#include "runtime/sys/file_tree.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"

namespace asylum::sys {
namespace {

constexpr int kDirectoryOnly = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

struct CloseDirectory {
  void operator()(DIR* dir) const { ::closedir(dir); }
};

std::vector<std::string> names_in(Fd dir) {
  std::unique_ptr<DIR, CloseDirectory> stream(::fdopendir(dir.get()));
  if (!stream) throw_os("fdopendir", errno, "list a directory");
  (void)dir.release();  // closedir closes it
  std::vector<std::string> names;
  errno = 0;
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") names.emplace_back(name);
    errno = 0;
  }
  if (errno != 0) throw_os("getdents64", errno, "list a directory");
  return names;
}

// One level of a removal under way: an explicit stack, because a deep tree must not exhaust ours.
struct Level {
  std::string name;  // of this directory, in its parent
  Fd dir;
  std::vector<std::string> names;
};

[[noreturn]] void refuse_removal(const char* syscall, int error_number, const std::string& name) {
  throw_os(syscall, error_number, cat("remove ", quote(name)));
}

// Unlinks what is not a directory; opens what is one; nothing when it is already gone.
std::optional<Level> remove_or_enter(int dir, const std::string& name, dev_t device) {
  if (::unlinkat(dir, name.c_str(), 0) == 0 || errno == ENOENT) return std::nullopt;
  if (errno != EISDIR && errno != EPERM) refuse_removal("unlinkat", errno, name);
  const int unlink_error = errno;
  Fd fd(::openat(dir, name.c_str(), kDirectoryOnly));
  if (!fd && errno == ENOENT) return std::nullopt;
  if (!fd)
    refuse_removal("unlinkat", errno == ENOTDIR || errno == ELOOP ? unlink_error : errno, name);
  if (device != 0 && status_of(fd.get()).st_dev != device) {
    throw Error(ErrorKind::denied,
                cat("remove ", quote(name), ": another file system is mounted there"));
  }
  std::vector<std::string> names = names_in(fd.dup());
  return Level{name, std::move(fd), std::move(names)};
}

}  // namespace

void make_directory_at(int dir, const std::string& name, mode_t mode) {
  if (!try_make_directory_at(dir, name, mode)) {
    throw_os("mkdirat", EEXIST, cat("make directory ", quote(name)));
  }
}

bool try_make_directory_at(int dir, const std::string& name, mode_t mode) {
  if (::mkdirat(dir, name.c_str(), mode) == 0) return true;
  if (errno == EEXIST) return false;
  throw_os("mkdirat", errno, cat("make directory ", quote(name)));
}

void remove_at(int dir, const std::string& name, int flags) {
  const std::optional<int> failed = try_remove_at(dir, name, flags);
  if (failed) refuse_removal("unlinkat", *failed, name);
}

std::optional<int> try_remove_at(int dir, const std::string& name, int flags) {
  if (::unlinkat(dir, name.c_str(), flags) == 0) return std::nullopt;
  return errno;
}

void remove_tree_at(int dir, const std::string& name) {
  std::optional<Level> top = remove_or_enter(dir, name, 0);
  if (!top) return;
  const dev_t device = status_of(top->dir.get()).st_dev;
  std::vector<Level> stack;
  stack.push_back(std::move(*top));
  while (!stack.empty()) {
    Level& here = stack.back();
    if (!here.names.empty()) {
      const std::string child = std::move(here.names.back());
      here.names.pop_back();
      std::optional<Level> below = remove_or_enter(here.dir.get(), child, device);
      if (below) stack.push_back(std::move(*below));
      continue;
    }
    const std::string done = std::move(here.name);
    stack.pop_back();
    const int parent = stack.empty() ? dir : stack.back().dir.get();
    const std::optional<int> failed = try_remove_at(parent, done, AT_REMOVEDIR);
    if (failed && *failed != ENOENT) refuse_removal("unlinkat", *failed, done);
  }
}

std::vector<std::string> list_directory(int dir) {
  std::vector<std::string> names = names_in(open_at(dir, ".", O_RDONLY | O_DIRECTORY));
  std::sort(names.begin(), names.end());
  return names;
}

std::string read_link_at(int dir, const std::string& path) {
  std::string target(4096, '\0');
  const ssize_t n = ::readlinkat(dir, path.c_str(), target.data(), target.size());
  if (n < 0) throw_os("readlinkat", errno, cat("read link ", quote(path)));
  target.resize(static_cast<std::size_t>(n));
  return target;
}

}  // namespace asylum::sys
