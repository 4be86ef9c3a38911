// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/not_yet.h"

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/text.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

struct Document {
  const spec::Spec& spec;
  const Request& request;
  const Plan& plan;
};
using Pointers = std::vector<std::string>;

// Each says where the property is used; an empty list: nowhere.

Pointers apparmor(const Document& document) {
  const bool used = !document.plan.process.identity.apparmor_profile.empty();
  return used ? Pointers{"/process/apparmorProfile"} : Pointers{};
}

Pointers selinux_process(const Document& document) {
  const bool used = !document.plan.process.identity.selinux_label.empty();
  return used ? Pointers{"/process/selinuxLabel"} : Pointers{};
}

Pointers selinux_mount(const Document& document) {
  return document.plan.root.mount_label.empty() ? Pointers{} : Pointers{"/linux/mountLabel"};
}

Pointers intel_rdt(const Document& document) {
  return document.spec.linux.intel_rdt ? Pointers{"/linux/intelRdt"} : Pointers{};
}

Pointers net_devices(const Document& document) {
  Pointers out;
  for (const spec::NetDevice& one : document.spec.linux.net_devices) {
    out.push_back(cat("/linux/netDevices/", escape_pointer_token(one.host_name)));
  }
  return out;
}

Pointers systemd_manager(const Document& document) {
  const bool used = document.request.cgroup_manager == CgroupManager::systemd;
  return used ? Pointers{document.plan.cgroup.pointer} : Pointers{};
}

struct Row {
  Pointers (*used_at)(const Document& document);
  std::string_view what;
  std::string_view hint;
};

constexpr Row kRows[] = {
    {apparmor, "an AppArmor profile", ""},
    {selinux_process, "an SELinux label", ""},
    {selinux_mount, "an SELinux mount label", ""},
    {intel_rdt, "Intel RDT", ""},
    {net_devices, "moving a network device", ""},
    {systemd_manager, "the systemd cgroup manager", "leave out --systemd-cgroup"},
};

}  // namespace

void refuse_not_yet(const spec::Spec& spec, const Request& request, const Plan& plan,
                    Findings& findings) {
  const Document document{spec, request, plan};
  for (const Row& row : kRows) {
    for (std::string& pointer : row.used_at(document)) {
      findings.unsupported(std::move(pointer), cat(row.what, " is not supported by this version"),
                           std::string(row.hint));
    }
  }
}

bool is_refused(std::string_view what) {
  for (const Row& row : kRows) {
    if (row.what == what) return true;
  }
  return false;
}

}  // namespace asylum::plan
