// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/state_store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/host/probe_host.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/own_file.h"
#include "runtime/sys/process/namespaces.h"

namespace asylum::container {
namespace {

constexpr mode_t kMode = 0700;
constexpr mode_t kLeavingMode = kMode | S_ISVTX;
constexpr int kTriesToRemove = 100;
constexpr std::size_t kLongestId = 255;
constexpr int kDirectory = O_RDONLY | O_DIRECTORY;

bool is_id_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_+.-").find(c) != std::string_view::npos;
}

/// mkdir -p of an absolute path; every directory that we make is 0700.
void make_directories(const std::string& path) {
  for (std::size_t at = path.find('/', 1);; at = path.find('/', at + 1)) {
    const std::string prefix = path.substr(0, at);
    if (::mkdir(prefix.c_str(), kMode) != 0 && errno != EEXIST) {
      throw_os("mkdir", errno, cat("make state directory ", quote(prefix)));
    }
    if (at == std::string::npos) return;
  }
}

/// What is in a record is executed, killed and removed with our rights.
void check_root(int root, const std::string& path) {
  const std::string why = sys::distrust(sys::status_of(root));
  if (why.empty()) return;
  throw Error(ErrorKind::denied, cat("the state directory ", quote(path), " ", why,
                                     ": its records would not be ours to believe"))
      .with_hint("name another with --root, or take it over with chown and chmod go-w");
}

/// $XDG_RUNTIME_DIR is tidied up by some: the sticky bit says that a directory is wanted
/// (basedir-spec).
void keep_from_pruning(const std::string& root) {
  if (root.starts_with("/run/user/")) static_cast<void>(::chmod(root.c_str(), kMode | S_ISVTX));
}

}  // namespace

bool is_leaving(int state_directory) {
  const struct ::stat status = sys::status_of(state_directory);
  return status.st_nlink == 0 || (status.st_mode & S_ISVTX) != 0;
}

bool is_valid_id(std::string_view id) {
  if (id.empty() || id.size() > kLongestId || id == "." || id == "..") return false;
  return std::all_of(id.begin(), id.end(), is_id_character);
}

void check_id(const std::string& id) {
  if (is_valid_id(id)) return;
  throw Error(ErrorKind::invalid_usage, cat("invalid container ID format: ", quote(id)))
      .with_hint("an id is made of letters, digits and _+.- (at most 255)");
}

void throw_does_not_exist(const std::string& id) {
  throw Error(ErrorKind::not_found, cat("container does not exist: ", quote(id)))
      .because_of("openat", ENOENT);
}

void throw_damaged(const std::string& id, std::string_view why) {
  throw Error(ErrorKind::internal, cat("the state of container ", quote(id), " is damaged: ", why))
      .with_hint(cat("asylum-runc delete --force ", id));
}

std::optional<sys::Fd> StateStore::try_open_root(int flags) const {
  auto root = sys::try_open_at(AT_FDCWD, settings_.root, flags);
  if (root) check_root(root->get(), settings_.root);
  return root;
}

sys::Fd StateStore::open_root() const {
  auto root = try_open_root(kDirectory);
  if (!root) throw_os("openat", ENOENT, cat("open the state directory ", quote(settings_.root)));
  return std::move(*root);
}

sys::Fd StateStore::open_or_make_root() const {
  if (auto root = try_open_root(kDirectory)) return std::move(*root);
  make_directories(settings_.root);
  if (!settings_.root_given) keep_from_pruning(settings_.root);
  return open_root();
}

sys::Fd StateStore::make(const std::string& id) const {
  check_id(id);
  const sys::Fd root = open_or_make_root();
  if (!sys::try_make_directory_at(root.get(), id, kMode)) {
    throw Error(ErrorKind::already_exists,
                cat("container with given ID already exists: ", quote(id)))
        .because_of("mkdirat", EEXIST)
        .with_hint(cat("delete it (asylum-runc delete ", id, ") or choose another id"));
  }
  return sys::open_at(root.get(), id, kDirectory | O_NOFOLLOW);
}

std::optional<sys::Fd> StateStore::try_open(const std::string& id) const {
  check_id(id);
  const Step step{cat("look into the state directory ", quote(settings_.root))};
  const auto root = try_open_root(O_PATH | O_DIRECTORY);
  if (!root) return std::nullopt;
  auto directory = sys::try_open_at(root->get(), id, kDirectory | O_NOFOLLOW);
  if (!directory) return std::nullopt;
  const std::string why = sys::distrust(sys::status_of(directory->get()));
  if (why.empty()) return directory;
  throw Error(ErrorKind::denied,
              cat("the state directory of container ", quote(id), " ", why, ": it is not believed"))
      .with_hint(cat("look at it; asylum-runc delete --force ", id, " removes it"));
}

std::string StateStore::distrust(const std::string& id) const {
  check_id(id);
  const auto root = try_open_root(O_PATH | O_DIRECTORY);
  if (!root) return {};
  const auto directory = sys::try_open_at(root->get(), id, O_PATH | O_DIRECTORY | O_NOFOLLOW);
  return directory ? sys::distrust(sys::status_of(directory->get())) : std::string();
}

sys::Fd StateStore::open(const std::string& id) const {
  auto directory = try_open(id);
  if (!directory) throw_does_not_exist(id);
  return std::move(*directory);
}

void StateStore::remove(const std::string& id) const {
  const sys::Fd root = open_root();
  // For those who look without the lock: what they miss from now on is no damage.
  [[maybe_unused]] const int ignored = ::fchmodat(root.get(), id.c_str(), kLeavingMode, 0);
  for (int tries = 1;; ++tries) {
    try {
      return sys::remove_tree_at(root.get(), id);
    } catch (const Error& error) {
      // Another command has made its lock file meanwhile.
      if (error.err != ENOTEMPTY || tries == kTriesToRemove) throw;
    }
  }
}

void StateStore::remove_empty(const std::string& id) const {
  const sys::Fd root = open_root();
  static_cast<void>(sys::try_remove_at(root.get(), id, AT_REMOVEDIR));
}

std::vector<std::string> StateStore::ids() const {
  const auto root = try_open_root(kDirectory);
  if (!root) {
    if (!settings_.root_given) return {};
    throw_os("openat", ENOENT, cat("open the state directory ", quote(settings_.root)));
  }
  std::vector<std::string> ids;
  for (std::string& name : sys::list_directory(root->get())) {
    struct ::stat status {};
    if (!is_valid_id(name)) continue;
    if (::fstatat(root->get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISDIR(status.st_mode)) ids.push_back(std::move(name));
  }
  return ids;
}

}  // namespace asylum::container
