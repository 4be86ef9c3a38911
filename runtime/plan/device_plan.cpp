// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/device_plan.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/plan/capability_bits.h"
#include "runtime/plan/id_map_plan.h"
#include "runtime/plan/mount_plan.h"
#include "runtime/plan/namespace_plan.h"
#include "runtime/plan/types/plan.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

struct DefaultNode {
  std::string_view path;
  std::uint32_t major;
  std::uint32_t minor;
};
// Numbers: Documentation/admin-guide/devices.txt of the kernel.
constexpr DefaultNode kDefaultNodes[] = {{"/dev/null", 1, 3},    {"/dev/zero", 1, 5},
                                         {"/dev/full", 1, 7},    {"/dev/random", 1, 8},
                                         {"/dev/urandom", 1, 9}, {"/dev/tty", 5, 0}};

struct DefaultLink {
  std::string_view path;
  std::string_view target;
};
constexpr DefaultLink kDefaultLinks[] = {
    {"/dev/fd", "/proc/self/fd"},       {"/dev/stdin", "/proc/self/fd/0"},
    {"/dev/stdout", "/proc/self/fd/1"}, {"/dev/stderr", "/proc/self/fd/2"},
    {"/dev/core", "/proc/kcore"},       {"/dev/ptmx", "pts/ptmx"}};

// What dev_t holds: 12 bits of major, 20 of minor (include/linux/kdev_t.h). validate refuses more.
constexpr std::int64_t kMajorBits = 0xfff;
constexpr std::int64_t kMinorBits = 0xfffff;

// Podman and Docker copy st_mode: the file's type is in it, and `type` says which.
constexpr std::uint32_t kPermissionBits = 07777;

constexpr std::string_view kBringDev =
    "add {\"destination\": \"/dev\", \"type\": \"tmpfs\"} to /mounts, as `asylum-runc spec` does";

char letter_of(spec::DeviceType type) {
  switch (type) {
    case spec::DeviceType::character:
    case spec::DeviceType::unbuffered:
      return 'c';
    case spec::DeviceType::block:
      return 'b';
    case spec::DeviceType::fifo:
      return 'p';
  }
  return 'c';
}

void check_owner(const Plan& plan, const DeviceNode& node, Findings& findings) {
  if (!plan.id_maps || node.bind_from_host) return;
  if (!is_mapped(plan.id_maps->uids, node.uid)) {
    findings.error(cat(node.pointer, "/uid"), cat("uid ", node.uid, " is not mapped"));
  }
  if (!is_mapped(plan.id_maps->gids, node.gid)) {
    findings.error(cat(node.pointer, "/gid"), cat("gid ", node.gid, " is not mapped"));
  }
}

DeviceNode plan_node(const spec::Device& device, std::string pointer, bool bind,
                     Findings& findings) {
  DeviceNode node;
  node.path = clean_path(device.path);
  node.type = letter_of(device.type);
  if (device.type != spec::DeviceType::fifo) {
    node.major = static_cast<std::uint32_t>(device.major.value_or(0) & kMajorBits);
    node.minor = static_cast<std::uint32_t>(device.minor.value_or(0) & kMinorBits);
    node.bind_from_host = bind;  // anyone may make a fifo
  }
  node.mode = device.file_mode.value_or(0666) & kPermissionBits;
  node.uid = device.uid.value_or(0);
  node.gid = device.gid.value_or(0);
  if (node.bind_from_host && (device.file_mode || device.uid || device.gid)) {
    findings.warning(pointer,
                     cat(quote(node.path),
                         " keeps the host's mode and owner: in a user namespace the host's "
                         "node is bound"));
  }
  node.pointer = std::move(pointer);
  return node;
}

/// The nodes of a plan; one of the config replaces an earlier one of the same path.
class Nodes {
 public:
  explicit Nodes(std::vector<DeviceNode>& nodes) : nodes_(nodes) {}
  void add(DeviceNode node) {
    const auto [at, is_new] = index_.try_emplace(node.path, nodes_.size());
    if (is_new) {
      nodes_.push_back(std::move(node));
    } else {
      nodes_[at->second] = std::move(node);
    }
  }

 private:
  std::vector<DeviceNode>& nodes_;
  std::unordered_map<std::string, std::size_t> index_;
};

void add_default_links(Plan& plan) {
  for (const DefaultLink& link : kDefaultLinks) {
    const bool is_node = std::any_of(plan.devices.begin(), plan.devices.end(),
                                     [&](const DeviceNode& one) { return one.path == link.path; });
    if (!is_node) plan.links.push_back({std::string(link.path), std::string(link.target)});
  }
}

void add_default_nodes(Nodes& nodes, bool bind) {
  for (const DefaultNode& one : kDefaultNodes) {
    DeviceNode node;
    node.path = one.path;
    node.major = one.major;
    node.minor = one.minor;
    node.bind_from_host = bind;
    nodes.add(std::move(node));
  }
}

void leave_bound(const spec::Spec& spec, Findings& findings) {
  if (spec.linux.devices.empty()) return;
  findings.warning("/linux/devices",
                   "no device node is made: /dev is the host's and is left as it is");
}

/// On the host's own root there is nothing amiss: its /dev is meant.
void warn_of_plain_dev(const Plan& plan, Findings& findings) {
  if (plan.root.path == "/") return;
  findings.warning("/mounts",
                   "nothing is mounted on /dev: it is used as the root file system has it, and no "
                   "device node and no link is made there",
                   std::string(kBringDev));
}

/// What is made on the root remains there, and the root, or what a bind puts on it, may be the
/// host's own. Its /dev is never written; elsewhere it is the config's word, but not on the host.
void refuse_on_the_root(const Plan& plan, const DeviceNode& node, Findings& findings) {
  if (!node.path.starts_with("/dev/") && plan.root.path != "/") return;
  findings.error(node.pointer,
                 cat(quote(node.path),
                     " cannot be made: nothing is mounted on /dev, and the root file system's own "
                     "is not written to"),
                 std::string(kBringDev));
}

}  // namespace

bool may_make_nodes(const Plan& plan, const HostFacts& facts) {
  return facts.initial_user_namespace && find_namespace(plan, NamespaceType::user) == nullptr;
}

void plan_devices(const spec::Spec& spec, const HostFacts& facts, Plan& plan, Findings& findings) {
  if (plan.root.is == RootIs::borrowed) return;
  const DevIs dev = whose_dev(plan);
  plan.own_dev = dev == DevIs::own;
  if (dev == DevIs::bound) return leave_bound(spec, findings);
  const bool bind = !may_make_nodes(plan, facts) ||
                    !capability::in(facts.effective_capabilities, capability::mknod);
  Nodes nodes(plan.devices);
  if (plan.own_dev) {
    add_default_nodes(nodes, bind);
  } else {
    warn_of_plain_dev(plan, findings);
  }
  const auto& configured = spec.linux.devices;
  for (std::size_t i = 0; i < configured.size(); ++i) {
    DeviceNode node = plan_node(configured[i], cat("/linux/devices/", i), bind, findings);
    check_owner(plan, node, findings);
    if (!plan.own_dev) refuse_on_the_root(plan, node, findings);
    nodes.add(std::move(node));
  }
  if (plan.own_dev) add_default_links(plan);
}

}  // namespace asylum::plan
