// SPDX-License-Identifier: Apache-2.0
#include "runtime/cgroup/descendants.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <utility>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"

namespace asylum::cgroup {
namespace {

/// Names of the sub-cgroups of a directory. Control files are no directories and answer ENOTDIR.
std::vector<std::string> children_of(int directory) {
  // Itself and its "." are all the names it has: none of the half a hundred control files is asked.
  constexpr nlink_t kLeaf = 2;
  if (sys::status_of(directory).st_nlink == kLeaf) return {};
  std::vector<std::string> children;
  for (std::string& name : sys::list_directory(directory)) {
    struct ::stat status {};
    if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISDIR(status.st_mode)) children.push_back(std::move(name));
  }
  return children;
}

std::vector<std::string> children_if_there(int directory) {
  try {
    return children_of(directory);
  } catch (const Error& error) {
    if (error.err == ENOENT || error.err == ENODEV) return {};  // it has been removed
    throw;
  }
}

}  // namespace

void walk_descendants(int top, const Visit& visit) {
  visit.enter(top);
  std::vector<std::vector<std::string>> levels;
  levels.push_back(children_if_there(top));
  sys::Fd here = sys::duplicate(top);
  while (true) {
    if (!levels.back().empty()) {
      auto child = sys::try_open_beneath(here.get(), levels.back().back(), O_RDONLY | O_DIRECTORY);
      if (!child) {
        levels.back().pop_back();
        continue;
      }
      here = std::move(*child);
      visit.enter(here.get());
      levels.push_back(children_if_there(here.get()));
      continue;
    }
    levels.pop_back();
    if (levels.empty()) return;
    here = sys::open_at(here.get(), "..", O_RDONLY | O_DIRECTORY);
    const std::string name = std::move(levels.back().back());
    levels.back().pop_back();
    visit.leave(here.get(), name);
  }
}

}  // namespace asylum::cgroup
