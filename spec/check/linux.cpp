// SPDX-License-Identifier: Apache-2.0
// Rules of `linux` but for namespaces, mounts, seccomp and resources.
#include <algorithm>
#include <map>
#include <set>

#include "runtime/base/text.h"
#include "spec/check/syntax.h"
#include "spec/check/validate.h"
#include "spec/names.h"

namespace asylum::spec {
namespace {

constexpr std::uint32_t kHighestMode = 0177777;  // with the type, as engines copy it from stat(2)
constexpr std::int64_t kHighestMajor = (1 << 12) - 1;  // MINORBITS is 20 of 32
constexpr std::int64_t kHighestMinor = (1 << 20) - 1;

void cgroups_path_stays_below(const Spec& spec, const Report& report) {
  if (climbs(spec.linux.cgroups_path))
    report.error("/linux/cgroupsPath", "must not contain \"..\"");
}

void check_number(const std::optional<std::int64_t>& number, std::int64_t highest,
                  const std::string& pointer, const Report& report) {
  if (!number) return report.error(pointer, "is missing; only a fifo (type \"p\") has no numbers");
  if (*number < 0 || *number > highest) {
    report.error(pointer, cat("must be between 0 and ", highest, ", found ", *number));
  }
}

void devices_are_sound(const Spec& spec, const Report& report) {
  for (std::size_t i = 0; i < spec.linux.devices.size(); ++i) {
    const Device& device = spec.linux.devices[i];
    const std::string pointer = cat("/linux/devices/", i);
    if (!is_absolute(device.path) || clean_path(device.path) == "/") {
      report.error(cat(pointer, "/path"),
                   cat("must be the absolute path of a file, found ", quote(device.path)));
    }
    if (device.file_mode.value_or(0) > kHighestMode) {
      report.error(
          cat(pointer, "/fileMode"),
          cat("must be the mode of a file (at most 65535, 0177777), found ", *device.file_mode));
    }
    if (device.type == DeviceType::fifo) continue;
    check_number(device.major, kHighestMajor, cat(pointer, "/major"), report);
    check_number(device.minor, kHighestMinor, cat(pointer, "/minor"), report);
  }
}

// Engines may list a device twice; only two different ones cannot be had at one path.
void devices_are_unique(const Spec& spec, const Report& report) {
  std::map<std::string, const Device*> seen;
  for (std::size_t i = 0; i < spec.linux.devices.size(); ++i) {
    const Device& device = spec.linux.devices[i];
    const auto [first, added] = seen.emplace(clean_path(device.path), &device);
    if (added) continue;
    const std::string pointer = cat("/linux/devices/", i, "/path");
    if (*first->second == device) {
      report.warning(pointer, cat("the device ", quote(device.path), " is given twice"));
    } else {
      report.error(pointer, cat("two different devices have the path ", quote(first->first)));
    }
  }
}

void net_devices_are_sound(const Spec& spec, const Report& report) {
  const auto& devices = spec.linux.net_devices;
  if (!devices.empty() && spec.linux.find(NamespaceType::network) == nullptr) {
    report.error("/linux/netDevices", "needs a network namespace of the container's own");
  }
  std::set<std::string_view> seen;
  for (const NetDevice& device : devices) {
    const std::string pointer = cat("/linux/netDevices/", escape_pointer_token(device.host_name));
    const std::string_view name = device.name.empty() ? device.host_name : device.name;
    if (!is_interface_name(device.host_name)) {
      report.error(pointer, cat(quote(device.host_name), " cannot be the name of an interface"));
    }
    if (!device.name.empty() && !is_interface_name(device.name)) {
      report.error(cat(pointer, "/name"),
                   cat(quote(device.name), " cannot be the name of an interface"));
    }
    if (name.find('%') == std::string_view::npos &&
        !seen.insert(name).second) {  // "eth%d": the kernel counts
      report.error(cat(pointer, "/name"), cat("two devices would have the name ", quote(name)));
    }
  }
}

std::string_view with_article(NamespaceType type) {
  switch (type) {
    case NamespaceType::ipc:
      return "an ipc";
    case NamespaceType::network:
      return "a network";
    case NamespaceType::user:
      return "a user";
    case NamespaceType::uts:
      return "a uts";
    default:
      return "";
  }
}

// A sysctl outside the container's own namespaces would change the host.
void check_sysctl(const Spec& spec, const KeyValue& sysctl, const std::string& pointer,
                  const Report& report) {
  const std::string& name = sysctl.key;
  const std::optional<std::string> file = sysctl_file(name);
  if (!file) return report.error(pointer, cat(quote(name), " cannot be the name of a sysctl"));
  if (*file == "kernel/hostname") {
    if (!spec.hostname.empty() && sysctl.value == spec.hostname) return;
    return report.error(pointer, "the host name is not set by a sysctl",
                        "use the key \"hostname\"");
  }
  const auto type = namespace_of_sysctl(*file);
  if (!type)
    return report.error(
        pointer, cat("the sysctl ", quote(name), " belongs to the host, not to a namespace"));
  if (spec.linux.find(*type) == nullptr) {
    report.error(pointer, cat("the sysctl ", quote(name), " needs ", with_article(*type),
                              " namespace of the container's own"));
  }
  if (*file == "kernel/domainname" && !spec.domainname.empty() && sysctl.value != spec.domainname) {
    report.error(pointer, "contradicts the key \"domainname\"");
  }
}

void sysctls_are_namespaced(const Spec& spec, const Report& report) {
  for (const KeyValue& sysctl : spec.linux.sysctl) {
    check_sysctl(spec, sysctl, cat("/linux/sysctl/", escape_pointer_token(sysctl.key)), report);
  }
}

void check_schema(std::string_view key, const std::string& schema, std::string_view start,
                  const Report& report) {
  if (schema.empty()) return;
  if (!schema.starts_with(start)) {
    report.error(cat("/linux/intelRdt/", key),
                 cat("must begin with ", quote(start), ", found ", quote(schema)));
  }
}

// A closID names a directory of resctrl; "/" is its root.
void intel_rdt_is_sound(const Spec& spec, const Report& report) {
  if (!spec.linux.intel_rdt) return;
  const IntelRdt& rdt = *spec.linux.intel_rdt;
  const bool is_file_name = rdt.clos_id != "." && rdt.clos_id != ".." &&
                            rdt.clos_id.find_first_of("/\n") == std::string::npos;
  if (rdt.clos_id != "/" && !is_file_name) {
    report.error("/linux/intelRdt/closID",
                 cat("must be a file name or \"/\", found ", quote(rdt.clos_id)));
  }
  check_schema("memBwSchema", rdt.mem_bw_schema, "MB:", report);
  check_schema("l3CacheSchema", rdt.l3_cache_schema, "L3", report);  // also L3CODE: and L3DATA:
  if (rdt.mem_bw_schema.find('\n') != std::string::npos) {
    report.error("/linux/intelRdt/memBwSchema", "must be one line");
  }
  for (std::size_t i = 0; i < rdt.schemata.size(); ++i) {
    if (rdt.schemata[i].find('\n') != std::string::npos) {
      report.error(cat("/linux/intelRdt/schemata/", i), "must be one line");
    }
  }
}

bool has(const MemoryPolicy& policy, MemoryPolicyFlag flag) {
  return std::find(policy.flags.begin(), policy.flags.end(), flag) != policy.flags.end();
}

// Source: set_mempolicy(2).
void memory_policy_is_sound(const Spec& spec, const Report& report) {
  if (!spec.linux.memory_policy) return;
  const MemoryPolicy& policy = *spec.linux.memory_policy;
  using Mode = MemoryPolicyMode;
  const bool wants_none = policy.mode == Mode::default_ || policy.mode == Mode::local;
  if (!policy.nodes.empty() && !parse_cpu_list(policy.nodes)) {
    return report.error("/linux/memoryPolicy/nodes",
                        cat("must be a list of nodes such as 0-1,3, found ", quote(policy.nodes)));
  }
  if (wants_none && !policy.nodes.empty())
    report.error("/linux/memoryPolicy/nodes", "this mode takes no nodes");
  if (!wants_none && policy.mode != Mode::preferred && policy.nodes.empty()) {
    report.error("/linux/memoryPolicy/nodes", "this mode needs nodes");
  }
  const bool fixes = has(policy, MemoryPolicyFlag::static_nodes);
  const bool relates = has(policy, MemoryPolicyFlag::relative_nodes);
  if (fixes && relates) {
    report.error("/linux/memoryPolicy/flags",
                 "MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES exclude each other");
  }
  if ((fixes || relates) && policy.nodes.empty()) {
    report.error("/linux/memoryPolicy/flags",
                 "MPOL_F_STATIC_NODES and MPOL_F_RELATIVE_NODES need nodes");
  }
  if (has(policy, MemoryPolicyFlag::numa_balancing) && policy.mode != Mode::bind &&
      policy.mode != Mode::preferred_many) {
    report.error("/linux/memoryPolicy/flags",
                 "MPOL_F_NUMA_BALANCING is for MPOL_BIND and MPOL_PREFERRED_MANY only");
  }
}

void personality_has_no_flags(const Spec& spec, const Report& report) {
  if (spec.linux.personality && !spec.linux.personality->flags.empty()) {
    report.unsupported("/linux/personality/flags/0", "no flag of a personality is supported");
  }
}

constexpr Check<Spec> kChecks[] = {
    {"cgroups_path.stays_below", cgroups_path_stays_below},
    {"devices.are_sound", devices_are_sound},
    {"devices.are_unique", devices_are_unique},
    {"net_devices.are_sound", net_devices_are_sound},
    {"sysctls.are_namespaced", sysctls_are_namespaced},
    {"intel_rdt.is_sound", intel_rdt_is_sound},
    {"memory_policy.is_sound", memory_policy_is_sound},
    {"personality.has_no_flags", personality_has_no_flags},
};

}  // namespace

std::span<const Check<Spec>> linux_checks() {
  return kChecks;
}

}  // namespace asylum::spec
