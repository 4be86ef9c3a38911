// SPDX-License-Identifier: Apache-2.0
#include "runtime/cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/knockout.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/proc_text.h"

namespace asylum::cgroup {
namespace {

/// Names of the sub-cgroups of a directory. Control files are no directories and answer ENOTDIR.
std::vector<std::string> children_of(int directory) {
  std::vector<std::string> children;
  for (std::string& name : sys::list_directory(directory)) {
    struct ::stat status {};
    if (::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) continue;
    if (S_ISDIR(status.st_mode)) children.push_back(std::move(name));
  }
  return children;
}

void append_pids(int directory, std::vector<pid_t>& pids) {
  // A threaded cgroup refuses to be read (EOPNOTSUPP); its processes are listed by its domain.
  const std::optional<sys::Fd> file = sys::try_open_beneath(directory, "cgroup.procs", O_RDONLY);
  if (!file) return;
  std::string text;
  try {
    text = sys::read_all(file->get());
  } catch (const Error& error) {
    if (error.err == EOPNOTSUPP || error.err == ENODEV) return;
    throw;
  }
  for (const std::string_view line : split(text, '\n')) {
    if (const auto pid = parse_i64(line)) pids.push_back(static_cast<pid_t>(*pid));
  }
}

std::string why_refused(int error_number, const plan::ControlWrite& control) {
  if (error_number == ENOENT && !control.controller.empty()) {
    return cat("enable the ", control.controller,
               " controller for this cgroup, or use a kernel that has this file");
  }
  if (error_number == EOPNOTSUPP) return "the cgroup is threaded, or of another type than domain";
  return {};
}

}  // namespace

Cgroup::Cgroup(sys::Fd directory, std::string path)
    : directory_(std::move(directory)), path_(std::move(path)) {}

std::uint64_t Cgroup::inode() const {
  return sys::identity_of(fd()).ino;
}

void Cgroup::write(const plan::ControlWrite& control) const {
  if (knocked_out("cgroup", control.file)) return;
  Step step{cat("set ", control.file, " of cgroup ", path_), control.pointer};
  if (try_write(control, control.file, control.value)) return;
  if (!control.instead_file.empty() &&
      try_write(control, control.instead_file, control.instead_value)) {
    return;
  }
  if (control.may_be_missing) return;
  throw_os("openat2", ENOENT, cat("open ", quote(control.file)), why_refused(ENOENT, control));
}

bool Cgroup::try_write(const plan::ControlWrite& control, const std::string& name,
                       std::string_view value) const {
  // BENEATH and no link: the file's name may come from /linux/resources/unified.
  const std::optional<sys::Fd> file = sys::try_open_beneath(fd(), name, O_WRONLY);
  if (!file) return false;
  for (const std::string_view line : split(value, '\n')) {
    if (line.empty()) continue;
    if (::write(file->get(), line.data(), line.size()) >= 0) continue;
    throw_os("write", errno, cat("write ", quote(line), " to ", quote(name)),
             why_refused(errno, control));
  }
  return true;
}

std::string Cgroup::read(const std::string& file) const {
  const std::optional<sys::Fd> open = sys::try_open_beneath(fd(), file, O_RDONLY);
  if (!open) return {};
  try {
    return sys::read_all(open->get());
  } catch (const Error& error) {
    if (error.err == ENODEV) return {};  // the directory has been removed
    throw;
  }
}

bool Cgroup::is_populated() const {
  return sys::flat_keyed_value(read("cgroup.events"), "populated").value_or(0) != 0;
}

bool Cgroup::is_frozen() const {
  return sys::flat_keyed_value(read("cgroup.events"), "frozen").value_or(0) != 0;
}

bool Cgroup::wait_for_event(std::string_view key, std::uint64_t value,
                            const sys::Deadline& deadline) const {
  const std::optional<sys::Fd> events = sys::try_open_beneath(fd(), "cgroup.events", O_RDONLY);
  if (!events) return true;
  while (true) {
    // Reading arms the next notification, so no change between read and poll is lost.
    if (::lseek(events->get(), 0, SEEK_SET) < 0) throw_os("lseek", errno, "rewind cgroup.events");
    std::string text;
    try {
      text = sys::read_all(events->get());
    } catch (const Error& error) {
      if (error.err == ENODEV) return true;
      throw;
    }
    if (sys::flat_keyed_value(text, key).value_or(value) == value) return true;
    if (!sys::wait_for(events->get(), POLLPRI, deadline)) return false;
  }
}

bool Cgroup::wait_until_empty(const sys::Deadline& deadline) const {
  return wait_for_event("populated", 0, deadline);
}

void Cgroup::kill_all() const {
  const auto refused = sys::try_write_control_at(fd(), "cgroup.kill", "1");
  if (refused && *refused != ENODEV && *refused != ENOENT) {
    throw_os("write", *refused, cat("kill every process of cgroup ", quote(path_)));
  }
}

void Cgroup::set_frozen(bool frozen, const sys::Deadline& deadline) const {
  sys::write_control_at(fd(), "cgroup.freeze", frozen ? "1" : "0");
  if (wait_for_event("frozen", frozen ? 1 : 0, deadline)) return;
  throw Error(ErrorKind::os,
              cat("cgroup ", quote(path_), " did not ", frozen ? "freeze" : "thaw", " in time"));
}

std::vector<pid_t> Cgroup::pids() const {
  std::vector<pid_t> pids;
  append_pids(fd(), pids);
  std::vector<sys::Fd> pending;
  pending.push_back(directory_.dup());
  while (!pending.empty()) {
    const sys::Fd here = std::move(pending.back());
    pending.pop_back();
    for (const std::string& name : children_of(here.get())) {
      auto child = sys::try_open_beneath(here.get(), name, O_RDONLY | O_DIRECTORY);
      if (!child) continue;
      append_pids(child->get(), pids);
      pending.push_back(std::move(*child));
    }
  }
  return pids;
}

std::uint64_t Cgroup::oom_kills() const {
  return sys::flat_keyed_value(read("memory.events"), "oom_kill").value_or(0);
}

void Cgroup::remove_descendants() const {
  // Without recursion and with one descriptor: the depth is the container's choice, not ours.
  std::vector<std::vector<std::string>> levels;
  levels.push_back(children_of(fd()));
  sys::Fd here = directory_.dup();
  while (true) {
    if (!levels.back().empty()) {
      auto child = sys::try_open_beneath(here.get(), levels.back().back(), O_RDONLY | O_DIRECTORY);
      if (!child) {
        levels.back().pop_back();
        continue;
      }
      here = std::move(*child);
      levels.push_back(children_of(here.get()));
      continue;
    }
    levels.pop_back();
    if (levels.empty()) return;
    here = sys::open_at(here.get(), "..", O_RDONLY | O_DIRECTORY);
    const std::string name = std::move(levels.back().back());
    levels.back().pop_back();
    const auto refused = sys::try_remove_at(here.get(), name, AT_REMOVEDIR);
    if (refused && *refused != ENOENT) {
      throw_os("unlinkat", *refused, cat("remove cgroup ", quote(name), " below ", quote(path_)));
    }
  }
}

}  // namespace asylum::cgroup
