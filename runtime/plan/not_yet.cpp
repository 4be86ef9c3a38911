// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/not_yet.h"

#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
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
  NotYet key;
  Pointers (*used_at)(const Document& document);
  std::string_view name;
  std::string_view hint;
};

constexpr Row kRows[] = {
    {NotYet::apparmor, apparmor, "an AppArmor profile", ""},
    {NotYet::selinux_process, selinux_process, "an SELinux label", ""},
    {NotYet::selinux_mount, selinux_mount, "an SELinux mount label", ""},
    {NotYet::intel_rdt, intel_rdt, "Intel RDT", ""},
    {NotYet::net_devices, net_devices, "moving a network device", ""},
    {NotYet::systemd_manager, systemd_manager, "the systemd cgroup manager",
     "leave out --systemd-cgroup"},
};

void refuse(const Row& row, const Document& document, Findings& findings) {
  for (std::string& pointer : row.used_at(document)) {
    findings.unsupported(std::move(pointer), cat(row.name, " is not supported by this version"),
                         std::string(row.hint));
  }
}

bool is_of_process(NotYet what) {
  return what == NotYet::apparmor || what == NotYet::selinux_process;
}

}  // namespace

void refuse_not_yet(const spec::Spec& spec, const Request& request, const Plan& plan,
                    Findings& findings) {
  for (const Row& row : kRows) refuse(row, {spec, request, plan}, findings);
}

void refuse_not_yet_of_process(const spec::Spec& spec, const Request& request, const Plan& plan,
                               Findings& findings) {
  for (const Row& row : kRows) {
    if (is_of_process(row.key)) refuse(row, {spec, request, plan}, findings);
  }
}

bool is_refused(NotYet what) {
  for (const Row& row : kRows) {
    if (row.key == what) return true;
  }
  return false;
}

}  // namespace asylum::plan
