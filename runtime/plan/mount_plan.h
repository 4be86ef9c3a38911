// SPDX-License-Identifier: Apache-2.0
// /mounts → plan::Mount: what kind of mount each entry is, and what its option words mean to the
// kernel.
#pragma once

#include <cstdint>
#include <string_view>

#include "runtime/plan/types/findings.h"
#include "runtime/plan/types/host_facts.h"
#include "runtime/plan/types/request.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

struct Plan;

/// Fills mounts. Needs plan.namespaces and plan.id_maps.
/// Source: runtime-spec config.md#mounts, config.md#linux-mount-options.
void plan_mounts(const spec::Spec& spec, const HostFacts& facts, const Request& request, Plan& plan,
                 Findings& findings);

/// Where the container sees Request::notify_directory: runc's place.
inline constexpr std::string_view kNotifyMountPoint = "/run/notify";

/// Where the container's /dev comes from.
enum class DevIs : std::uint8_t {
  own,          // a new file system of the config's
  bound,        // a tree of the host's, or its devtmpfs, which has one instance for all
  of_the_root,  // no mount brings it: a directory of the root, which may be the host's own
};
/// Needs plan.mounts.
DevIs whose_dev(const Plan& plan);

}  // namespace asylum::plan
