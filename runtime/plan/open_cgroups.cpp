// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/open_cgroups.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/plan/namespace_plan.h"
#include "runtime/plan/types/plan.h"

namespace asylum::plan {
namespace {

/// The part of `path` below `directory`, without a slash in front; none if it is not below.
std::optional<std::string> relative_to(const std::string& path, const std::string& directory) {
  const std::string prefix = directory == "/" ? directory : cat(directory, "/");
  if (!path.starts_with(prefix) || path.size() == prefix.size()) return std::nullopt;
  return path.substr(prefix.size());
}

/// What a recursive bind of `source` takes along of the host's cgroups, if no mount of the config
/// from `first` on covers it: a user's own cgroups would be writable in the container, and it would
/// leave its limits by them (CVE-2023-25809).
std::vector<std::string> open_cgroups(const HostFacts& facts, const Plan& plan, std::size_t first,
                                      const std::string& source, const std::string& destination) {
  std::vector<std::string> out;
  const auto look_at = [&](const std::string& mount_point) {
    const auto below = relative_to(mount_point, clean_path(source));
    if (!below) return;
    const std::string place = clean_path(cat(destination, "/", *below));
    for (std::size_t i = first; i < plan.mounts.size(); ++i) {
      const Mount& later = plan.mounts[i];
      const bool is_over = later.destination == place || relative_to(place, later.destination);
      if (later.kind != MountKind::remount && is_over) return;
    }
    out.push_back(*below);
  };
  look_at(facts.cgroup.mount_point);
  for (const LegacyController& one : facts.cgroup.legacy) look_at(one.mount_point);
  return out;
}

void warn_of_cgroups(const std::vector<std::string>& below, const std::string& destination,
                     const std::string& pointer, std::string hint, Findings& findings) {
  if (below.empty()) return;
  findings.warning(
      pointer,
      cat("the host's cgroups on ", clean_path(cat(destination, "/", below.front())),
          " are made read-only: in a user namespace those of the user would be writable"),
      std::move(hint));
}

}  // namespace

void close_cgroups(const HostFacts& facts, Plan& plan, Findings& findings) {
  if (find_namespace(plan, NamespaceType::user) == nullptr) return;
  plan.root.readonly_below = open_cgroups(facts, plan, 0, plan.root.path, "/");
  warn_of_cgroups(plan.root.readonly_below, "/", plan.root.pointer,
                  "add a mount of type cgroup on that path", findings);
  for (std::size_t i = 0; i < plan.mounts.size(); ++i) {
    Mount& mount = plan.mounts[i];
    const AttributeChange& all = mount.recursive_attributes;
    const bool is_decided = ((all.set | all.clear) & attribute::rdonly) != 0;
    if (mount.kind != MountKind::bind || !mount.recursive_bind || is_decided) continue;
    mount.readonly_below = open_cgroups(facts, plan, i + 1, mount.source, mount.destination);
    warn_of_cgroups(mount.readonly_below, mount.destination, mount.pointer,
                    "add the option \"rro\", or a mount of type cgroup on that path; the option "
                    "\"rrw\" leaves them writable",
                    findings);
  }
}

}  // namespace asylum::plan
