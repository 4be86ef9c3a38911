// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/cgroup_plan.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/plan/capability_bits.h"
#include "runtime/plan/device_plan.h"
#include "runtime/plan/namespace_plan.h"
#include "runtime/plan/resources/device_filter.h"
#include "runtime/plan/resources/resource_writes.h"
#include "runtime/plan/types/plan.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

bool contains(const std::vector<std::string>& list, std::string_view wanted) {
  return std::find(list.begin(), list.end(), wanted) != list.end();
}

/// Absolute: from the root of cgroup2. Relative, or none (then the id): beside our own cgroup.
std::string path_of(const std::string& configured, const std::string& own_path,
                    const std::string& id) {
  if (configured.starts_with('/')) return clean_path(configured);
  const std::string own = clean_path(own_path);
  const std::string parent = own.substr(0, own.rfind('/'));
  // Cleaned on its own first, so that ".." cannot climb out of the parent.
  return clean_path(cat(parent, clean_path(configured.empty() ? id : configured)));
}

void plan_place(const spec::Spec& spec, const HostFacts& facts, const Request& request,
                Cgroup& cgroup, Findings& findings) {
  cgroup.manager = request.cgroup_manager;
  cgroup.pointer = spec.linux.cgroups_path.empty() ? "" : "/linux/cgroupsPath";
  if (cgroup.manager == CgroupManager::disabled) return;
  cgroup.mount_point = facts.cgroup.mount_point;
  if (cgroup.mount_point.empty()) {
    findings.unsupported(cgroup.pointer, "the host has no cgroup2 mount",
                         "mkdir -p /sys/fs/cgroup/unified && mount -t cgroup2 none "
                         "/sys/fs/cgroup/unified");
  }
  if (cgroup.manager == CgroupManager::systemd) {
    cgroup.path = spec.linux.cgroups_path;  // slice:prefix:name, systemd chooses the directory
    return;
  }
  cgroup.path = path_of(spec.linux.cgroups_path, facts.cgroup.own_path, request.id);
  if (cgroup.path == "/") {
    findings.error(cgroup.pointer, "must not be the root of the cgroup tree");
  }
}

/// The controller that cgroup2 calls io is blkio in v1.
const LegacyController* find_legacy(const CgroupFacts& facts, std::string_view controller) {
  for (const LegacyController& one : facts.legacy) {
    if (one.name == controller || (controller == "io" && one.name == "blkio")) return &one;
  }
  return nullptr;
}

std::string listed(const std::vector<std::string>& controllers) {
  return controllers.empty() ? std::string("none") : join(controllers, " ");
}

void refuse_controller(const ControlWrite& write, const CgroupFacts& facts, Findings& findings) {
  if (const LegacyController* legacy = find_legacy(facts, write.controller)) {
    findings.unsupported(
        write.pointer,
        cat("controller ", write.controller, " is attached to the cgroup v1 hierarchy ",
            legacy->mount_point, ", and limits are set through cgroup2 only"),
        cat("boot with systemd.unified_cgroup_hierarchy=1 or cgroup_no_v1=", write.controller,
            ", or remove the limit"));
    return;
  }
  findings.unsupported(write.pointer,
                       cat("controller ", write.controller, " is not available in ",
                           facts.mount_point, ", which offers: ", listed(facts.controllers)),
                       "enable it in cgroup.subtree_control of the directory above (in a systemd "
                       "unit: Delegate=yes), or remove the limit");
}

void refuse_without_cgroup(const spec::Spec& spec, const Cgroup& cgroup, Findings& findings) {
  std::string refused;
  for (const ControlWrite& write : cgroup.writes) {
    if (write.pointer == refused) continue;
    refused = write.pointer;
    findings.unsupported(write.pointer, "no limit can be set: cgroups are disabled",
                         "remove the limit, or --cgroup-manager=disabled");
  }
  if (!spec.linux.resources.devices.empty()) {
    findings.unsupported("/linux/resources/devices",
                         "device rules cannot be applied: cgroups are disabled",
                         "remove the rules, or --cgroup-manager=disabled");
  }
}

/// All that there are: engines read memory.current and its like without a limit, and a container
/// that manages its own subtree enables them below.
void list_controllers(const CgroupFacts& facts, Cgroup& cgroup) {
  if (!cgroup.mount_point.empty()) cgroup.controllers = facts.controllers;
  for (const ControlWrite& write : cgroup.writes) {
    if (!write.controller.empty() && !contains(cgroup.controllers, write.controller)) {
      cgroup.controllers.push_back(write.controller);
    }
  }
}

std::uint32_t access_of(const std::string& letters) {
  if (letters.empty()) return device_access::all;
  std::uint32_t out = 0;
  for (const char letter : letters) {
    if (letter == 'r') out |= device_access::read;
    if (letter == 'w') out |= device_access::write;
    if (letter == 'm') out |= device_access::mknod;
  }
  return out;
}

DeviceClass class_of(spec::DeviceRuleType type) {
  switch (type) {
    case spec::DeviceRuleType::all:
      return DeviceClass::any;
    case spec::DeviceRuleType::character:
      return DeviceClass::character;
    case spec::DeviceRuleType::block:
      return DeviceClass::block;
  }
  return DeviceClass::any;
}

std::optional<std::uint32_t> number_of(std::optional<std::int64_t> number) {
  if (!number) return std::nullopt;
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(*number, 0, 0xffffffffLL));
}

std::vector<DeviceRule> device_rules(const spec::Resources& resources) {
  std::vector<DeviceRule> out;
  for (const spec::DeviceRule& one : resources.devices) {
    out.push_back({one.allow, class_of(one.type), number_of(one.major), number_of(one.minor),
                   access_of(one.access)});
  }
  return out;
}

bool may_use_bpf(const HostFacts& facts) {
  using capability::in;
  const std::uint64_t have = facts.effective_capabilities;
  return facts.initial_user_namespace &&
         (in(have, capability::sys_admin) ||
          (in(have, capability::bpf) && in(have, capability::net_admin)));
}

/// Design §11: left out only where BPF is not permitted and no node can be made.
void plan_device_filter(const spec::Spec& spec, const HostFacts& facts, Plan& plan,
                        Findings& findings) {
  const std::vector<DeviceRule> rules = device_rules(spec.linux.resources);
  if (!may_use_bpf(facts) && !may_make_nodes(plan, facts)) {
    if (rules.empty()) return;
    findings.warning("/linux/resources/devices",
                     "the device rules are not applied: a device filter needs privileges on the "
                     "host, and no device node can be made in this user namespace");
    return;
  }
  plan.cgroup.device_filter =
      DeviceFilter{device_filter_program(rules), rules.empty() ? "" : "/linux/resources/devices"};
}

/// runtime-spec config-linux.md#cgroup-ownership: the container may manage its own subtree.
bool is_delegated(const Plan& plan) {
  if (!makes_new(plan, NamespaceType::cgroup)) return false;
  for (const Mount& one : plan.mounts) {
    if (one.kind == MountKind::cgroup && (one.attributes.set & attribute::rdonly) == 0) return true;
  }
  return false;
}

/// As runc: whoever may not make a cgroup, and names none, goes without. Nothing is left out that
/// was asked for.
void go_without_cgroup(Plan& plan, const CgroupFacts& facts, Findings& findings) {
  std::string refused;
  constexpr std::string_view kHint =
      "let it be delegated to you (systemd-run --user --scope -p Delegate=yes), or remove the "
      "limit";
  for (const ControlWrite& write : plan.cgroup.writes) {
    if (write.pointer == refused) continue;
    refused = write.pointer;
    findings.unsupported(
        write.pointer,
        cat("no limit can be set: this user may not make a cgroup beside ", facts.own_path),
        std::string(kHint));
  }
  if (plan.cgroup.device_filter) {
    findings.unsupported(
        plan.cgroup.device_filter->pointer,
        cat("devices cannot be restricted: this user may not make a cgroup beside ",
            facts.own_path),
        std::string(kHint));
  }
  plan.cgroup = {};
  plan.cgroup.manager = CgroupManager::disabled;
}

bool may_go_without(const spec::Spec& spec, const HostFacts& facts, const Cgroup& cgroup) {
  return cgroup.manager == CgroupManager::cgroupfs && facts.rootless && !facts.cgroup.may_make &&
         spec.linux.cgroups_path.empty();
}

}  // namespace

void check_controllers(std::span<const ControlWrite> writes, const CgroupFacts& facts,
                       Findings& findings) {
  std::string refused;
  for (const ControlWrite& write : writes) {
    if (write.controller.empty() || contains(facts.controllers, write.controller)) continue;
    if (write.pointer == refused) continue;
    refused = write.pointer;
    refuse_controller(write, facts, findings);
  }
}

std::vector<BpfInstruction> device_program_of(const spec::Resources& resources) {
  return device_filter_program(device_rules(resources));
}

void plan_cgroup(const spec::Spec& spec, const HostFacts& facts, const Request& request, Plan& plan,
                 Findings& findings) {
  Cgroup& cgroup = plan.cgroup;
  plan_place(spec, facts, request, cgroup, findings);
  cgroup.writes =
      resource_writes(spec.linux.resources, "/linux/resources", CgroupAge::fresh, findings);
  if (cgroup.manager == CgroupManager::disabled) {
    refuse_without_cgroup(spec, cgroup, findings);
    cgroup.writes.clear();
    return;
  }
  if (may_go_without(spec, facts, cgroup)) {
    plan_device_filter(spec, facts, plan, findings);
    return go_without_cgroup(plan, facts.cgroup, findings);
  }
  if (!cgroup.mount_point.empty()) check_controllers(cgroup.writes, facts.cgroup, findings);
  list_controllers(facts.cgroup, cgroup);
  plan_device_filter(spec, facts, plan, findings);
  cgroup.delegate = is_delegated(plan);
}

}  // namespace asylum::plan
