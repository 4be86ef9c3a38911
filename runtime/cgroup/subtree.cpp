// SPDX-License-Identifier: Apache-2.0
#include "runtime/cgroup/subtree.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/xattr.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/report.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"

namespace asylum::cgroup {
namespace {

// On ancestors that we made: the container that made one may be gone before the last one below it.
constexpr char kMark[] = "user.asylum-runc";
constexpr mode_t kMode = 0755;

/// openat2 wants a path without leading slash; the root itself is ".".
std::string below(std::string_view path) {
  return path.size() <= 1 ? "." : std::string(path.substr(1));
}

std::string parent_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == 0 ? "/" : std::string(path.substr(0, slash));
}

std::string name_of(std::string_view path) {
  return std::string(path.substr(path.rfind('/') + 1));
}

std::optional<sys::Fd> try_open_directory(int root, std::string_view path) {
  return sys::try_open_beneath(root, below(path), O_RDONLY | O_DIRECTORY);
}

[[noreturn]] void refuse_existing(int root, const std::string& path) {
  const auto directory = try_open_directory(root, path);
  const Cgroup existing(directory ? directory->dup() : sys::Fd(), path);
  const std::size_t count = directory ? existing.pids().size() : 0;
  if (count > 0) {
    throw Error(ErrorKind::already_exists, cat("container's cgroup is not empty: ", count,
                                               " process(es) found in ", quote(path)))
        .with_hint("choose another /linux/cgroupsPath, or end what runs there");
  }
  throw Error(ErrorKind::already_exists, cat("cgroup ", quote(path), " already exists"))
      .because_of("mkdirat", EEXIST)
      .with_hint("remove it (rmdir), or choose another /linux/cgroupsPath");
}

[[noreturn]] void refuse_directory(const Error& error, int parent) {
  const bool is_permission = error.err == EACCES || error.err == EPERM || error.err == EROFS;
  if (!is_permission) throw Error(error);
  throw Error(error).with_hint(cat(
      "make cgroups where you may: delegated to you (systemd-run --user --scope -p Delegate=yes), "
      "or none at all (--cgroup-manager disabled); the directory above belongs to uid ",
      sys::status_of(parent).st_uid));
}

/// One round of make_tree. Nothing when an ancestor vanished meanwhile (the last container below it
/// was deleted).
std::optional<MadeTree> try_make_tree(int root, const std::string& path, const Witness& witness) {
  const std::vector<std::string> prefixes = prefixes_of(path);
  std::size_t existing = prefixes.size();
  std::optional<sys::Fd> here;
  for (; existing > 0; --existing) {
    if ((here = try_open_directory(root, prefixes[existing - 1]))) break;
  }
  // Before the intent: an intent is a promise that replay may rmdir it. (mkdir decides below.)
  if (existing == prefixes.size()) refuse_existing(root, path);
  if (!here) here = sys::duplicate(root);
  witness.intend(std::span(prefixes).subspan(existing));

  std::vector<Directory> made;
  for (std::size_t i = existing; i < prefixes.size(); ++i) {
    const bool is_leaf = i + 1 == prefixes.size();
    const std::string name = name_of(prefixes[i]);
    bool ours = false;
    try {
      ours = sys::try_make_directory_at(here->get(), name, kMode);
    } catch (const Error& error) {
      // ENODEV: kernfs says so of a directory that is being removed.
      if (error.err == ENOENT || error.err == ENODEV) return std::nullopt;
      refuse_directory(error, here->get());
    }
    if (!ours && is_leaf) {
      witness.abandon(path);
      refuse_existing(root, path);
    }
    auto next = sys::try_open_beneath(here->get(), name, O_RDONLY | O_DIRECTORY);
    if (!next) return std::nullopt;
    here = std::move(next);
    if (!ours) continue;
    made.push_back({prefixes[i], sys::identity_of(here->get()).ino});
    if (!is_leaf) static_cast<void>(::fsetxattr(here->get(), kMark, "1", 1, 0));
  }
  witness.made(made);
  MadeTree tree{std::move(*here), made.back(), {}};
  made.pop_back();
  tree.ancestors = std::move(made);
  return tree;
}

bool is_ours(int directory, const std::string& path, std::span<const Directory> recorded) {
  for (const Directory& one : recorded) {
    if (one.path != path) continue;
    if (one.inode == 0 || one.inode == sys::identity_of(directory).ino) return true;
  }
  char mark = 0;
  return ::fgetxattr(directory, kMark, &mark, sizeof mark) == 1;
}

bool has_word(std::string_view text, std::string_view word) {
  const auto words = split(trim(text), ' ');
  return std::find(words.begin(), words.end(), word) != words.end();
}

[[noreturn]] void refuse_controller(int error_number, const std::string& ancestor,
                                    const std::string& controller) {
  const std::string detail =
      cat("enable the ", controller, " controller in ",
          quote(cat(ancestor == "/" ? "" : ancestor, "/cgroup.subtree_control")));
  if (error_number == EBUSY) {
    throw_os(
        "write", EBUSY, detail,
        cat("cgroup ", ancestor,
            " has processes of its own and so cannot give controllers to its children: move them"
            " to a sub-cgroup, or choose another /linux/cgroupsPath"));
  }
  if (error_number == ENOENT) {
    throw_os("write", ENOENT, detail,
             cat("the ", controller,
                 " controller is not available in this cgroup: it must be enabled in"
                 " all cgroups above"));
  }
  throw_os("write", error_number, detail);
}

}  // namespace

sys::Fd open_root(const std::string& mount_point) {
  sys::Fd root = sys::open_at(AT_FDCWD, mount_point, O_RDONLY | O_DIRECTORY);
  if (sys::filesystem_magic(root.get()) != CGROUP2_SUPER_MAGIC) {
    throw Error(ErrorKind::unsupported, cat(quote(mount_point), " is not a cgroup2 file system"));
  }
  return root;
}

std::vector<std::string> prefixes_of(std::string_view path) {
  std::vector<std::string> prefixes;
  for (std::size_t at = path.find('/', 1); at != std::string_view::npos;
       at = path.find('/', at + 1)) {
    prefixes.emplace_back(path.substr(0, at));
  }
  prefixes.emplace_back(path);
  return prefixes;
}

MadeTree make_tree(int root, const std::string& path, const Witness& witness) {
  if (path.size() < 2 || path.front() != '/' || clean_path(path) != path) {
    throw Error(ErrorKind::internal, cat("not a cgroup path: ", quote(path)));
  }
  constexpr int kAttempts = 8;  // each needs another container's deletion in the same microseconds
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    if (auto tree = try_make_tree(root, path, witness)) return std::move(*tree);
  }
  throw_os("mkdirat", ENOENT, cat("make cgroup ", quote(path)),
           "something keeps removing the directories above it");
}

std::vector<std::string> controllers_of(std::span<const plan::ControlWrite> writes) {
  std::vector<std::string> out;
  for (const plan::ControlWrite& write : writes) {
    if (write.controller.empty() || std::ranges::find(out, write.controller) != out.end()) continue;
    out.push_back(write.controller);
  }
  return out;
}

void enable_controllers(int root, const std::string& path, std::span<const std::string> controllers,
                        std::span<const std::string> needed, const std::string& pointer) {
  if (controllers.empty()) return;
  Step step{cat("give controllers to cgroup ", path), pointer};
  const auto leaf = sys::try_read_file_at(root, cat(below(path), "/cgroup.controllers"));
  const bool complete = leaf && std::all_of(controllers.begin(), controllers.end(),
                                            [&](const auto& one) { return has_word(*leaf, one); });
  if (complete) return;
  std::vector<std::string> ancestors = prefixes_of(path);
  ancestors.pop_back();
  ancestors.insert(ancestors.begin(), "/");
  for (const std::string& ancestor : ancestors) {
    const sys::Fd directory = sys::open_beneath(root, below(ancestor), O_RDONLY | O_DIRECTORY);
    const std::string enabled = sys::read_file_at(directory.get(), "cgroup.subtree_control");
    for (const std::string& controller : controllers) {
      if (has_word(enabled, controller)) continue;
      const auto refused = sys::try_write_control_at(directory.get(), "cgroup.subtree_control",
                                                     cat('+', controller));
      if (!refused) continue;
      if (std::find(needed.begin(), needed.end(), controller) != needed.end()) {
        refuse_controller(*refused, ancestor, controller);
      }
      // Not ours to give (delegated, processes of its own): no limit needs it.
      log::debug(cat("the ", controller, " controller is not enabled in cgroup ", ancestor, ": ",
                     errno_name(*refused)));
    }
  }
}

void remove_ancestors(int root, const std::string& path, std::span<const Directory> recorded) {
  for (std::string at = parent_of(path); at != "/"; at = parent_of(at)) {
    const auto directory = try_open_directory(root, at);
    if (!directory) continue;
    if (!is_ours(directory->get(), at, recorded)) return;
    const auto parent = try_open_directory(root, parent_of(at));
    if (!parent) continue;
    const auto refused = sys::try_remove_at(parent->get(), name_of(at), AT_REMOVEDIR);
    if (refused && *refused != ENOENT) return;  // EBUSY, ENOTEMPTY: others use it
  }
}

}  // namespace asylum::cgroup
