// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/exec/exec_cgroup.h"

#include <fcntl.h>

#include <optional>
#include <string_view>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/container/state/status.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/proc_text.h"
#include "runtime/sys/procfs.h"

namespace asylum::container {
namespace {

std::string_view without_controllers(std::string_view wanted) {
  const std::size_t colon = wanted.find(':');
  const std::size_t slash = wanted.find('/');
  return colon != std::string_view::npos && colon < slash ? wanted.substr(colon + 1) : wanted;
}

/// Below the container's cgroup, "" for that itself; nothing if the process has left it.
std::optional<std::string> place_of(const Ledger& ledger, pid_t pid) {
  const sys::Procfs proc = sys::Procfs::open_host();
  const auto text = sys::try_read_file_at(proc.root(), cat(pid, "/cgroup"));
  const auto path = sys::cgroup2_path(text.value_or(""));
  const std::string& own = ledger.cgroup->directory.path;
  if (!path || !path->starts_with(own)) return std::nullopt;
  if (path->size() == own.size()) return "";
  if ((*path)[own.size()] != '/') return std::nullopt;
  return path->substr(own.size() + 1);
}

sys::Fd open_below(const cgroup::Cgroup& container, const std::string& path) {
  if (path.empty()) return sys::duplicate(container.fd());
  return sys::open_beneath(container.fd(), path, O_RDONLY | O_DIRECTORY);
}

}  // namespace

sys::Fd open_exec_cgroup(const Ledger& ledger, const std::string& wanted) {
  const auto container = find_cgroup(ledger);
  if (!container) {
    if (wanted.empty()) return {};
    throw Error(ErrorKind::invalid_usage, "--cgroup: the container has no cgroup");
  }
  if (wanted.empty())
    return open_below(*container, place_of(ledger, ledger.init->pid).value_or(""));
  Step step{cat("enter the sub-cgroup ", quote(wanted))};
  for (const std::string_view part : split(without_controllers(wanted), '/')) {
    if (part == "..") throw Error(ErrorKind::denied, "it leads out of the container's cgroup");
  }
  return open_below(*container, clean_path(without_controllers(wanted)).substr(1));
}

bool is_frozen(const Ledger& ledger, pid_t pid) {
  const auto container = find_cgroup(ledger);
  const auto place = container ? place_of(ledger, pid) : std::nullopt;
  if (!place) return false;
  try {
    return cgroup::Cgroup(open_below(*container, *place), *place).is_frozen();
  } catch (const Error&) {
    return false;  // it has moved on, or ended, while we looked
  }
}

}  // namespace asylum::container
