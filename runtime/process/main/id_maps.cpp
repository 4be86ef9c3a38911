// SPDX-License-Identifier: Apache-2.0
#include "runtime/process/main/id_maps.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/id_mapping.h"
#include "runtime/plan/types/namespaces.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/captured_child.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/procfs.h"

namespace asylum::process {
namespace {

// Where distributions install the set-user-ID helpers; PATH is the caller's word, not to be trusted
// with privilege.
constexpr std::array kHelperDirectories{"/usr/bin/",  "/bin/",  "/usr/local/bin/",
                                        "/usr/sbin/", "/sbin/", "/run/wrappers/bin/"};

std::string find_helper(const std::string& name) {
  for (const char* directory : kHelperDirectories) {
    const std::string path = cat(directory, name);
    if (sys::try_open_at(AT_FDCWD, path, O_PATH)) return path;
  }
  throw Error(ErrorKind::unsupported, cat(name, " is not installed"))
      .with_hint("install the package uidmap, or map only your own id");
}

void run_helper(const std::string& name, pid_t pid, const std::vector<plan::IdMapping>& mappings) {
  sys::CapturedRequest request;
  request.path = find_helper(name);
  request.args = id_map_helper_arguments(name, pid, mappings);
  request.timeout_s = 30;
  const auto end = sys::run_captured(request);
  const auto failure = sys::describe_failure(request, end);
  if (!failure) return;
  const std::string words = sys::last_words(end);
  throw Error(ErrorKind::os, cat(request.path, " ", *failure, words.empty() ? "" : ": ", words))
      .with_hint("/etc/subuid and /etc/subgid say which ids a user may map");
}

// Lives until its namespace is open elsewhere.
[[noreturn]] void wait_to_be_killed(void*) noexcept {
  sys::set_parent_death_signal(SIGKILL);
  for (;;) ::pause();
}

}  // namespace

std::string id_map_text(const std::vector<plan::IdMapping>& mappings) {
  std::string text;
  for (const plan::IdMapping& mapping : mappings) {
    text += cat(mapping.container_id, " ", mapping.host_id, " ", mapping.count, "\n");
  }
  return text;
}

std::vector<std::string> id_map_helper_arguments(const std::string& program, pid_t pid,
                                                 const std::vector<plan::IdMapping>& mappings) {
  std::vector<std::string> arguments{program, cat(pid)};
  for (const plan::IdMapping& mapping : mappings) {
    arguments.push_back(cat(mapping.container_id));
    arguments.push_back(cat(mapping.host_id));
    arguments.push_back(cat(mapping.count));
  }
  return arguments;
}

void write_id_maps(pid_t init, const plan::IdMaps& maps) {
  Step step{"map the user namespace's ids", maps.pointer};
  if (maps.through_helpers) {
    if (!maps.uids.empty()) run_helper("newuidmap", init, maps.uids);
    if (!maps.gids.empty()) run_helper("newgidmap", init, maps.gids);
    return;
  }
  const auto procfs = sys::Procfs::open_host();
  if (!maps.uids.empty()) procfs.write(cat(init, "/uid_map"), id_map_text(maps.uids));
  // Without CAP_SETGID over the parent namespace, gid_map may only be written after this.
  if (maps.deny_setgroups) procfs.write(cat(init, "/setgroups"), "deny");
  if (!maps.gids.empty()) procfs.write(cat(init, "/gid_map"), id_map_text(maps.gids));
}

sys::Fd make_user_namespace(const plan::IdMaps& maps) {
  Step step{"make a user namespace for an id-mapped mount"};
  const sys::Child holder =
      sys::clone_process({.namespaces = CLONE_NEWUSER}, wait_to_be_killed, nullptr);
  const auto end_holder = [&holder] {
    (void)sys::try_send_signal(holder.pidfd.get(), SIGKILL);
    (void)sys::wait_pidfd(holder.pidfd.get());
  };
  try {
    write_id_maps(holder.pid, maps);
    sys::Fd space = sys::Procfs::open_host().open_link(cat(holder.pid, "/ns"), "user", O_RDONLY);
    end_holder();
    return space;
  } catch (...) {
    end_holder();
    throw;
  }
}

}  // namespace asylum::process
