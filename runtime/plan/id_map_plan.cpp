// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/id_map_plan.h"

#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/text.h"
#include "runtime/plan/capability_bits.h"
#include "runtime/plan/namespace_plan.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

using Maps = std::vector<IdMapping>;

/// What is the same for uids and gids, told apart once.
struct Side {
  std::string_view noun;     // "uid"
  std::string_view pointer;  // "/linux/uidMappings"
  std::string_view file;     // "/etc/subuid"
  std::uint32_t own_id;
  const Maps& ranges;  // ids that exist for us
  const std::vector<SubordinateIds>& subordinate;
};

bool may_write_any_map(const HostFacts& facts) {
  return facts.euid == 0 && capability::in(facts.effective_capabilities, capability::setuid) &&
         capability::in(facts.effective_capabilities, capability::setgid);
}

Maps convert(const std::vector<spec::IdMapping>& mappings) {
  Maps out;
  for (const spec::IdMapping& one : mappings) {
    out.push_back({one.container_id, one.host_id, one.size});
  }
  return out;
}

/// Design §11. Root: the identity of its own range. Others: the own id as 0, then the subordinate
/// ranges.
Maps default_map(const Side& side, const HostFacts& facts) {
  Maps out;
  if (may_write_any_map(facts)) {
    for (const IdMapping& range : side.ranges) {
      out.push_back({range.container_id, range.container_id, range.count});
    }
    if (out.empty()) out.push_back({0, 0, 0xffffffff});
    return out;
  }
  out.push_back({0, side.own_id, 1});
  if (!facts.has_newuidmap) return out;
  std::uint32_t next = 1;
  for (const SubordinateIds& range : side.subordinate) {
    if (range.count == 0 || range.count > 0xffffffffU - next) continue;
    out.push_back({next, range.first, range.count});
    next += range.count;
  }
  return out;
}

bool covers(std::uint64_t first, std::uint64_t count, std::uint64_t wanted,
            std::uint64_t wanted_count) {
  return wanted >= first && wanted + wanted_count <= first + count;
}

/// The kernel wants a whole mapping inside one extent of ours (kernel/user_namespace.c,
/// map_id_range_down).
bool exists_for_us(const Side& side, const IdMapping& mapping) {
  if (side.ranges.empty()) return true;  // not known: the kernel's answer decides
  for (const IdMapping& range : side.ranges) {
    if (covers(range.container_id, range.count, mapping.host_id, mapping.count)) return true;
  }
  return false;
}

bool is_subordinate(const Side& side, const IdMapping& mapping) {
  if (mapping.count == 1 && mapping.host_id == side.own_id) return true;
  for (const SubordinateIds& range : side.subordinate) {
    if (covers(range.first, range.count, mapping.host_id, mapping.count)) return true;
  }
  return false;
}

std::string describe(const IdMapping& mapping) {
  return cat("host ", mapping.count == 1 ? "id " : "ids ", mapping.host_id,
             mapping.count == 1 ? std::string()
                                : cat(" to ", std::uint64_t{mapping.host_id} + mapping.count - 1));
}

std::string describe_subordinates(const Side& side) {
  std::string out;
  for (const SubordinateIds& range : side.subordinate) {
    out += cat(out.empty() ? "" : ", ", range.first, ":", range.count);
  }
  return out.empty() ? cat("none in ", side.file) : cat(side.file, " gives ", out);
}

bool is_own_id_only(const Side& side, const Maps& maps) {
  return maps.size() == 1 && maps[0].count == 1 && maps[0].host_id == side.own_id;
}

void check_privileged(const Side& side, const Maps& maps, Findings& findings) {
  for (std::size_t i = 0; i < maps.size(); ++i) {
    if (exists_for_us(side, maps[i])) continue;
    findings.unsupported(
        cat(side.pointer, "/", i, "/hostID"),
        cat(describe(maps[i]), " do not exist in our own user namespace"),
        cat("choose from the ", side.noun, "s that /proc/self/", side.noun, "_map shows"));
  }
}

void check_unprivileged(const Side& side, const Maps& maps, bool has_helpers, Findings& findings) {
  if (is_own_id_only(side, maps)) return;
  if (!has_helpers) {
    findings.unsupported(std::string(side.pointer),
                         cat("without root, only the own ", side.noun, " ", side.own_id,
                             " can be mapped: newuidmap and newgidmap are not installed"),
                         "install the package uidmap, or map one id");
    return;
  }
  for (std::size_t i = 0; i < maps.size(); ++i) {
    if (is_subordinate(side, maps[i])) continue;
    findings.unsupported(cat(side.pointer, "/", i, "/hostID"),
                         cat(describe(maps[i]), " are not ours to map"),
                         cat(describe_subordinates(side), " for ", side.noun, " ", side.own_id));
  }
}

Maps plan_side(const Side& side, const std::vector<spec::IdMapping>& configured,
               const HostFacts& facts, Findings& findings) {
  if (configured.empty()) {
    findings.warning(std::string(side.pointer), cat("the new user namespace has no ", side.noun,
                                                    " mappings, a default map is used"));
    return default_map(side, facts);
  }
  Maps maps = convert(configured);
  if (may_write_any_map(facts)) {
    check_privileged(side, maps, findings);
  } else {
    check_unprivileged(side, maps, facts.has_newuidmap, findings);
  }
  return maps;
}

}  // namespace

bool is_mapped(const std::vector<IdMapping>& maps, std::uint32_t id) {
  for (const IdMapping& one : maps) {
    if (id >= one.container_id && id - one.container_id < one.count) return true;
  }
  return false;
}

void plan_id_maps(const spec::Spec& spec, const HostFacts& facts, NamespacePlan& plan,
                  Findings& findings) {
  if (!makes_new(plan, NamespaceType::user)) return;
  const Side uids{"uid",      "/linux/uidMappings", "/etc/subuid",
                  facts.euid, facts.uid_ranges,     facts.subuids};
  const Side gids{"gid",      "/linux/gidMappings", "/etc/subgid",
                  facts.egid, facts.gid_ranges,     facts.subgids};
  IdMaps maps;
  maps.uids = plan_side(uids, spec.linux.uid_mappings, facts, findings);
  maps.gids = plan_side(gids, spec.linux.gid_mappings, facts, findings);
  maps.pointer = spec.linux.uid_mappings.empty() ? "" : "/linux/uidMappings";
  if (!may_write_any_map(facts)) {
    maps.through_helpers = facts.has_newuidmap &&
                           !(is_own_id_only(uids, maps.uids) && is_own_id_only(gids, maps.gids));
    // newgidmap denies setgroups by itself as long as only the own group is mapped.
    maps.deny_setgroups = !maps.through_helpers || is_own_id_only(gids, maps.gids);
  }
  plan.id_maps = std::move(maps);
}

}  // namespace asylum::plan
