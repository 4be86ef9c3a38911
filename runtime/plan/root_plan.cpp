// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/root_plan.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/plan/namespace_plan.h"
#include "runtime/plan/types/plan.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

/// What "/" of the new mount namespace becomes before anything is mounted. Slave keeps our mounts
/// from the host and lets volumes receive the host's; only a shared root may leave the peer groups
/// as they are, else no volume could propagate to the host; unbindable would forbid the binds still
/// to come.
PropagationChange parent_of(const PropagationChange& asked) {
  switch (asked.to) {
    case Propagation::shared:
      return {Propagation::shared, asked.recursive};
    case Propagation::private_:
      return {Propagation::private_, true};
    case Propagation::slave:
    case Propagation::unbindable:
      return {Propagation::slave, true};
  }
  return {Propagation::slave, true};
}

std::vector<PathItem> items(const std::vector<std::string>& paths, std::string_view pointer) {
  std::vector<PathItem> out;
  for (std::size_t i = 0; i < paths.size(); ++i) {
    std::string path = clean_path(paths[i]);
    // Engines add their lists up: a path of two of them gets one mount.
    const bool is_known = std::any_of(out.begin(), out.end(),
                                      [&](const PathItem& item) { return item.path == path; });
    if (!is_known) out.push_back({std::move(path), cat(pointer, "/", i)});
  }
  return out;
}

RootIs whose_root(const Plan& plan) {
  const Namespace* mount = find_namespace(plan, NamespaceType::mount);
  if (mount == nullptr) return RootIs::borrowed;
  if (mount->path.empty()) return RootIs::own;
  return plan.root.path == "/" ? RootIs::borrowed : RootIs::attached;
}

void fill_root(const spec::Spec& spec, const Request& request, Plan& plan) {
  plan.root.no_pivot = request.no_pivot;
  plan.root.mount_label = spec.linux.mount_label;
  plan.root.pointer = "/root/path";
  if (spec.root) {
    const std::string& path = spec.root->path;
    plan.root.path = path.starts_with('/') ? path : cat(request.bundle, "/", path);
    plan.root.readonly = spec.root->readonly;
  }
  if (!spec.linux.rootfs_propagation) return;
  const PropagationChange& asked = *spec.linux.rootfs_propagation;
  plan.root.propagation_pointer = "/linux/rootfsPropagation";
  plan.root.parent_propagation = parent_of(asked);
  plan.root.propagation = asked;
}

}  // namespace

void plan_root(const spec::Spec& spec, const Request& request, Plan& plan) {
  fill_root(spec, request, plan);
  plan.root.is = whose_root(plan);
}

void plan_restrictions(const spec::Spec& spec, Plan& plan) {
  plan.readonly_paths = items(spec.linux.readonly_paths, "/linux/readonlyPaths");
  plan.masked_paths = items(spec.linux.masked_paths, "/linux/maskedPaths");
  for (const spec::KeyValue& one : spec.linux.sysctl) {
    plan.sysctls.push_back(
        {one.key, one.value, cat("/linux/sysctl/", escape_pointer_token(one.key))});
  }
}

}  // namespace asylum::plan
