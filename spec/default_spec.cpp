// SPDX-License-Identifier: Apache-2.0
#include "spec/default_spec.h"

#include <algorithm>

#include "spec/state.h"

namespace asylum::spec {
namespace {

Mount mount(std::string destination, std::string type, std::string source,
            std::vector<std::string> options) {
  Mount result;
  result.destination = std::move(destination);
  result.type = std::move(type);
  result.source = std::move(source);
  result.parsed = parse_mount_options(options);
  result.options = std::move(options);
  return result;
}

std::vector<Mount> default_mounts() {
  return {
      mount("/proc", "proc", "proc", {}),
      mount("/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}),
      mount("/dev/pts", "devpts", "devpts",
            {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}),
      mount("/dev/shm", "tmpfs", "shm", {"nosuid", "noexec", "nodev", "mode=1777", "size=65536k"}),
      mount("/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}),
      mount("/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}),
      mount("/sys/fs/cgroup", "cgroup", "cgroup", {"nosuid", "noexec", "nodev", "relatime", "ro"}),
  };
}

Process default_process() {
  const std::vector<std::string> capabilities = {"CAP_AUDIT_WRITE", "CAP_KILL",
                                                 "CAP_NET_BIND_SERVICE"};
  Process process;
  process.terminal = true;
  process.args = {"sh"};
  process.env = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"};
  process.cwd = "/";
  process.capabilities.emplace();
  process.capabilities->bounding = capabilities;
  process.capabilities->effective = capabilities;
  process.capabilities->permitted = capabilities;
  process.rlimits.push_back({"RLIMIT_NOFILE", 1024, 1024, {}});
  process.no_new_privileges = true;
  return process;
}

Linux default_linux() {
  Linux result;
  DeviceRule deny_all;
  deny_all.access = "rwm";
  result.resources.devices.push_back(deny_all);
  for (const NamespaceType type :
       {NamespaceType::pid, NamespaceType::network, NamespaceType::ipc, NamespaceType::uts,
        NamespaceType::mount, NamespaceType::cgroup}) {
    result.namespaces.push_back({type, {}, {}});
  }
  result.masked_paths = {"/proc/acpi",
                         "/proc/asound",
                         "/proc/kcore",
                         "/proc/keys",
                         "/proc/latency_stats",
                         "/proc/timer_list",
                         "/proc/timer_stats",
                         "/proc/sched_debug",
                         "/proc/scsi",
                         "/sys/firmware",
                         "/sys/devices/virtual/powercap"};
  result.readonly_paths = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                           "/proc/sysrq-trigger"};
  return result;
}

// What an ordinary user may not do, or only with what a new user namespace does not give: mount
// sysfs for a network namespace that is not its own, give files to groups that are not mapped,
// limit resources.
void make_rootless(Spec& spec, const RootlessOwner& owner) {
  auto& namespaces = spec.linux.namespaces;
  std::erase_if(namespaces,
                [](const Namespace& one) { return one.type == NamespaceType::network; });
  namespaces.push_back({NamespaceType::user, {}, {}});
  spec.linux.uid_mappings = {{0, owner.uid, 1, {}}};
  spec.linux.gid_mappings = {{0, owner.gid, 1, {}}};
  spec.linux.resources = {};

  // The host's /sys takes the place of a new one, read-only with all that is mounted below it, and
  // the container's own cgroup covers the host's: those of the user would be writable
  // (CVE-2023-25809).
  for (Mount& one : spec.mounts) {
    if (one.destination != "/sys") continue;
    one = mount("/sys", "none", "/sys", {"rbind", "nosuid", "noexec", "nodev", "rro"});
  }
  for (Mount& one : spec.mounts) {
    std::erase_if(one.options, [](const std::string& option) {
      return option.starts_with("gid=") || option.starts_with("uid=");
    });
    one.parsed = parse_mount_options(one.options);
  }
}

}  // namespace

Spec default_spec(std::optional<RootlessOwner> rootless) {
  Spec spec;
  spec.oci_version = kOciVersion;
  spec.process = default_process();
  spec.root = {"rootfs", true, {}};
  spec.hostname = "asylum-runc";
  spec.mounts = default_mounts();
  spec.linux = default_linux();
  if (rootless) make_rootless(spec, *rootless);
  return spec;
}

}  // namespace asylum::spec
