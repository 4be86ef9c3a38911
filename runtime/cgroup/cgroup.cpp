// SPDX-License-Identifier: Apache-2.0
#include "runtime/cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/knockout.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/descendants.h"
#include "runtime/plan/types/cgroup.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/lines.h"
#include "runtime/sys/process/proc_text.h"
#include "runtime/sys/process/process.h"

namespace asylum::cgroup {
namespace {

std::vector<pid_t> pids_in(int directory) {
  // A threaded cgroup refuses to be read (EOPNOTSUPP); its processes are listed by its domain.
  const std::optional<sys::Fd> file = sys::try_open_beneath(directory, "cgroup.procs", O_RDONLY);
  if (!file) return {};
  std::vector<pid_t> pids;
  try {
    constexpr auto kNoLimit = std::numeric_limits<std::size_t>::max();
    sys::for_each_line(file->get(), kNoLimit, [&pids](std::string_view line) {
      if (const auto pid = parse_i64(line)) pids.push_back(static_cast<pid_t>(*pid));
      return true;
    });
  } catch (const Error& error) {
    if (error.err != EOPNOTSUPP && error.err != ENODEV) throw;
  }
  return pids;
}

constexpr std::size_t kSignalledAtOnce = 512;  // each takes a descriptor

// A number may belong to a process of the host by the time it is opened. What is listed *after* the
// open is a process of the cgroup, or the one behind the descriptor has ended and gets nothing.
void signal_listed(int directory, std::span<const pid_t> listed, int signal) {
  std::vector<std::pair<pid_t, sys::Fd>> opened;
  for (const pid_t pid : listed) {
    auto pidfd = sys::try_open_pidfd(pid);
    if (pidfd) opened.emplace_back(pid, std::move(*pidfd));
  }
  std::vector<pid_t> still_there = pids_in(directory);
  std::sort(still_there.begin(), still_there.end());
  for (const auto& [pid, pidfd] : opened) {
    if (!std::binary_search(still_there.begin(), still_there.end(), pid)) continue;
    static_cast<void>(sys::try_send_signal(pidfd.get(), signal));
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
  const auto append = [&pids](int directory) {
    const std::vector<pid_t> here = pids_in(directory);
    pids.insert(pids.end(), here.begin(), here.end());
  };
  walk_descendants(fd(), {append, [](int, const std::string&) {}});
  return pids;
}

void Cgroup::signal_all(int signal) const {
  if (signal == SIGKILL) return kill_all();
  const auto signal_here = [signal](int directory) {
    const std::vector<pid_t> pids = pids_in(directory);
    for (std::size_t first = 0; first < pids.size(); first += kSignalledAtOnce) {
      const std::size_t count = std::min(kSignalledAtOnce, pids.size() - first);
      signal_listed(directory, std::span(pids).subspan(first, count), signal);
    }
  };
  walk_descendants(fd(), {signal_here, [](int, const std::string&) {}});
}

void Cgroup::remove_descendants() const {
  const auto remove = [this](int parent, const std::string& name) {
    const auto refused = sys::try_remove_at(parent, name, AT_REMOVEDIR);
    if (refused && *refused != ENOENT) {
      throw_os("unlinkat", *refused, cat("remove cgroup ", quote(name), " below ", quote(path_)));
    }
  };
  walk_descendants(fd(), {[](int) {}, remove});
}

}  // namespace asylum::cgroup
