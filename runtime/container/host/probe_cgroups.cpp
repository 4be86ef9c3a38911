// SPDX-License-Identifier: Apache-2.0
// probe_host's look at the cgroup hierarchies.
#include "runtime/container/host/probe_cgroups.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include <string>

#include "runtime/base/text.h"
#include "runtime/container/host/probe_host.h"
#include "runtime/late/main/helper.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/proc_text.h"

namespace asylum::container {
namespace {

bool is_cgroup2(const char* path) {
  struct statfs status {};
  return ::statfs(path, &status) == 0 && status.f_type == CGROUP2_SUPER_MAGIC;
}

std::string find_mount_point() {
  for (const char* usual : {"/sys/fs/cgroup", "/sys/fs/cgroup/unified"}) {
    if (is_cgroup2(usual)) return usual;
  }
  // The last resort: it costs a process, and grows with the host's mounts.
  for (const late::MountRow& mount : late::read_mount_table()) {
    if (mount.fs_type == "cgroup2" && is_cgroup2(mount.mount_point.c_str())) {
      return mount.mount_point;
    }
  }
  return {};
}

void append_words(std::vector<std::string>& out, std::string_view text, char separator) {
  for (const std::string_view word : split(trim(text), separator)) {
    if (!word.empty()) out.emplace_back(word);
  }
}

}  // namespace

plan::CgroupFacts probe_cgroups() {
  plan::CgroupFacts facts;
  facts.mount_point = find_mount_point();
  facts.own_path = "/";
  const std::string own = sys::try_read_file_at(AT_FDCWD, "/proc/self/cgroup").value_or("");
  for (const sys::CgroupEntry& entry : sys::parse_cgroup(own)) {
    if (entry.hierarchy == 0) continue;
    std::vector<std::string> controllers;
    append_words(controllers, entry.controllers, ',');
    for (const std::string& controller : controllers) {
      if (controller.starts_with("name=")) continue;
      facts.legacy.push_back({controller, cat("/sys/fs/cgroup/", controller)});
    }
  }
  if (facts.mount_point.empty()) return facts;
  if (const auto path = sys::cgroup2_path(own)) facts.own_path = *path;
  const auto controllers =
      sys::try_read_file_at(AT_FDCWD, cat(facts.mount_point, "/cgroup.controllers"));
  append_words(facts.controllers, controllers.value_or(""), ' ');
  return facts;
}

}  // namespace asylum::container
