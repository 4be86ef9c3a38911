// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/host/probe_host.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <string_view>

#include "runtime/base/text.h"
#include "runtime/container/host/probe_cgroups.h"
#include "runtime/container/host/user_names.h"
#include "runtime/plan/types/id_mapping.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/credentials.h"
#include "runtime/sys/process/namespaces.h"
#include "runtime/sys/process/proc_text.h"
#include "spec/spec.h"

namespace asylum::container {
namespace {

std::vector<plan::IdMapping> read_id_map(const char* path) {
  std::vector<plan::IdMapping> out;
  const std::string text = sys::try_read_file_at(AT_FDCWD, path).value_or("");
  for (const sys::IdMapEntry& one : sys::parse_id_map(text)) {
    out.push_back({one.inside, one.outside, one.count});
  }
  return out;
}

void probe_kernel(plan::HostFacts& facts) {
  utsname name{};
  if (::uname(&name) != 0) return;
  facts.host = name.nodename;
  const auto parts = split(name.release, '.');
  if (parts.size() < 2) return;
  const std::string_view minor = parts[1].substr(0, parts[1].find_first_not_of("0123456789"));
  facts.kernel_major = static_cast<std::uint32_t>(parse_u64(parts[0]).value_or(facts.kernel_major));
  facts.kernel_minor = static_cast<std::uint32_t>(parse_u64(minor).value_or(facts.kernel_minor));
}

void probe_identity(plan::HostFacts& facts) {
  facts.euid = ::geteuid();
  facts.egid = ::getegid();
  facts.initial_user_namespace = sys::in_initial_user_namespace();
  facts.rootless = is_rootless(facts.euid, facts.initial_user_namespace);
  if (facts.initial_user_namespace) {
    facts.uid_ranges = facts.gid_ranges = {{0, 0, 0xffffffffU}};
  } else {
    facts.uid_ranges = read_id_map("/proc/self/uid_map");
    facts.gid_ranges = read_id_map("/proc/self/gid_map");
  }
}

void probe_capabilities(plan::HostFacts& facts) {
  facts.effective_capabilities = sys::get_capabilities().effective;
  facts.bounding_capabilities = sys::bounding_capabilities();
  const auto last = sys::try_read_file_at(AT_FDCWD, "/proc/sys/kernel/cap_last_cap");
  if (const auto number = parse_u64(trim(last.value_or("")))) {
    facts.last_capability = static_cast<std::uint32_t>(*number);
  }
}

/// Lines "NAME-or-UID:FIRST:COUNT" of subuid(5).
std::vector<plan::SubordinateIds> read_subordinate_ids(const char* path, std::uint32_t uid) {
  std::vector<plan::SubordinateIds> out;
  const std::string text = sys::try_read_file_at(AT_FDCWD, path).value_or("");
  if (text.empty()) return out;
  const std::string name = user_name_of(uid).value_or("");
  for (const std::string_view line : split(text, '\n')) {
    const auto parts = split(trim(line), ':');
    if (parts.size() != 3 || (parts[0] != name && parts[0] != cat(uid))) continue;
    const auto first = parse_u64(parts[1]);
    const auto count = parse_u64(parts[2]);
    if (!first || !count || *first + *count > 0xffffffffU || *count == 0) continue;
    out.push_back({static_cast<std::uint32_t>(*first), static_cast<std::uint32_t>(*count)});
  }
  return out;
}

bool is_in_path(std::string_view program) {
  const char* path = ::getenv("PATH");
  for (const std::string_view directory :
       split(path == nullptr ? "/usr/bin:/bin" : std::string_view(path), ':')) {
    if (!directory.empty() && ::access(cat(directory, '/', program).c_str(), X_OK) == 0)
      return true;
  }
  return false;
}

void probe_subordinate_ids(plan::HostFacts& facts) {
  facts.subuids = read_subordinate_ids("/etc/subuid", facts.euid);
  facts.subgids = read_subordinate_ids("/etc/subgid", facts.euid);
  facts.has_newuidmap = is_in_path("newuidmap") && is_in_path("newgidmap");
}

void probe_security_modules(plan::HostFacts& facts) {
  const auto apparmor = sys::try_read_file_at(AT_FDCWD, "/sys/module/apparmor/parameters/enabled");
  facts.apparmor = apparmor && apparmor->starts_with('Y');
  facts.selinux = ::access("/sys/fs/selinux/enforce", F_OK) == 0;
}

std::vector<std::uint32_t> architectures() {
#if defined(__x86_64__)
  return {AUDIT_ARCH_X86_64, AUDIT_ARCH_I386};
#elif defined(__aarch64__)
  return {AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM};
#elif defined(__riscv) && __riscv_xlen == 64
  return {AUDIT_ARCH_RISCV64};
#else
  return {};
#endif
}

/// The directory that a cgroup with a path of our own choice would be made in.
bool may_make_cgroup(const plan::CgroupFacts& facts) {
  const std::string parent = facts.own_path.substr(0, facts.own_path.rfind('/'));
  return ::faccessat(AT_FDCWD, cat(facts.mount_point, parent).c_str(), W_OK | X_OK, AT_EACCESS) ==
         0;
}

}  // namespace

bool is_rootless(uid_t euid, bool in_initial_user_namespace) {
  if (euid != 0) return true;
  const char* user = ::getenv("USER");
  return !in_initial_user_namespace && (user == nullptr || std::string_view(user) != "root");
}

plan::HostFacts probe_host(const spec::Spec& spec, std::optional<bool> rootless) {
  plan::HostFacts facts;
  probe_kernel(facts);
  probe_identity(facts);
  probe_capabilities(facts);
  facts.rootless = rootless.value_or(facts.rootless);
  facts.cgroup = probe_cgroups();
  if (facts.rootless) facts.cgroup.may_make = may_make_cgroup(facts.cgroup);
  facts.architectures = architectures();
  const bool new_user_namespace = spec.linux.find(NamespaceType::user) != nullptr;
  if (new_user_namespace && facts.euid != 0) probe_subordinate_ids(facts);
  const bool labels = (spec.process && (!spec.process->apparmor_profile.empty() ||
                                        !spec.process->selinux_label.empty())) ||
                      !spec.linux.mount_label.empty();
  if (labels) probe_security_modules(facts);
  return facts;
}

}  // namespace asylum::container
