// SPDX-License-Identifier: Apache-2.0
// Rules of namespaces and of everything that only makes sense in one of its own.
#include <algorithm>

#include "runtime/base/text.h"
#include "spec/check/syntax.h"
#include "spec/check/validate.h"
#include "spec/names.h"

namespace asylum::spec {
namespace {

constexpr std::size_t kLongestHostname = 64;   // __NEW_UTS_LEN
constexpr std::size_t kMostMappings = 340;     // UID_GID_MAP_MAX_EXTENTS
constexpr std::uint64_t kIds = 0x1'0000'0000;  // ids are 32 bits; 2^32-1 itself means "none"
constexpr std::uint32_t kNanosecondsPerSecond = 1'000'000'000;

void namespaces_are_unique(const Spec& spec, const Report& report) {
  const auto& all = spec.linux.namespaces;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (spec.linux.find(all[i].type) != &all[i]) {
      report.error(cat("/linux/namespaces/", i, "/type"),
                   cat("the namespace ", quote(word_of(all[i].type)), " is given twice"));
    }
  }
}

void namespace_paths_are_absolute(const Spec& spec, const Report& report) {
  for (std::size_t i = 0; i < spec.linux.namespaces.size(); ++i) {
    const std::string& path = spec.linux.namespaces[i].path;
    if (!path.empty() && !is_absolute(path)) {
      report.error(cat("/linux/namespaces/", i, "/path"),
                   cat("must be an absolute path, found ", quote(path)));
    }
  }
}

void check_name(const Spec& spec, const Report& report, std::string_view pointer,
                const std::string& name) {
  if (name.empty()) return;
  if (spec.linux.find(NamespaceType::uts) == nullptr) {
    report.error(pointer, "needs a uts namespace of the container's own",
                 "add {\"type\": \"uts\"} to linux.namespaces");
  }
  if (name.size() > kLongestHostname) {
    report.error(pointer, cat("must have at most ", kLongestHostname, " bytes, has ", name.size()));
  }
}

void hostname_has_its_namespace(const Spec& spec, const Report& report) {
  check_name(spec, report, "/hostname", spec.hostname);
}

void domainname_has_its_namespace(const Spec& spec, const Report& report) {
  check_name(spec, report, "/domainname", spec.domainname);
}

// In the host's mount namespace, and in a joined one whose own root is asked for, mounts and files
// are somebody else's.
bool may_change_mounts(const Spec& spec) {
  const Namespace* mount = spec.linux.find(NamespaceType::mount);
  if (mount == nullptr) return false;
  return mount->path.empty() || !spec.root || spec.root->path != "/";
}

void mount_namespace_is_there(const Spec& spec, const Report& report) {
  if (may_change_mounts(spec)) return;
  const auto need = [&](std::string_view pointer, bool used) {
    if (used) {
      report.error(pointer, "needs a mount namespace of the container's own",
                   "add {\"type\": \"mount\"} to linux.namespaces");
    }
  };
  need("/mounts", !spec.mounts.empty());
  need("/root/readonly", spec.root && spec.root->readonly);
  need("/linux/maskedPaths", !spec.linux.masked_paths.empty());
  need("/linux/readonlyPaths", !spec.linux.readonly_paths.empty());
  need("/linux/devices", !spec.linux.devices.empty());
  need("/linux/rootfsPropagation", spec.linux.rootfs_propagation.has_value());
}

void mappings_have_their_namespace(const Spec& spec, const Report& report) {
  if (spec.linux.find(NamespaceType::user) != nullptr) return;
  const std::string_view text = "needs a user namespace of the container's own";
  if (!spec.linux.uid_mappings.empty()) report.error("/linux/uidMappings", std::string(text));
  if (!spec.linux.gid_mappings.empty()) report.error("/linux/gidMappings", std::string(text));
}

bool overlap(std::uint32_t first, std::uint32_t first_size, std::uint32_t second,
             std::uint32_t second_size) {
  return std::uint64_t{first} < std::uint64_t{second} + second_size &&
         std::uint64_t{second} < std::uint64_t{first} + first_size;
}

/// The first entry that overlaps with entry `i`: naming all would be a report of n² lines.
void report_overlap(const std::vector<IdMapping>& mappings, std::size_t i,
                    std::uint32_t IdMapping::*first, const std::string& pointer,
                    const Report& report) {
  const IdMapping& one = mappings[i];
  for (std::size_t j = 0; j < i; ++j) {
    if (!overlap(one.*first, one.size, mappings[j].*first, mappings[j].size)) continue;
    return report.error(pointer, cat("the range overlaps that of entry ", j));
  }
}

void check_mappings(const std::vector<IdMapping>& mappings, std::string_view pointer,
                    const Report& report) {
  if (mappings.size() > kMostMappings) {
    return report.error(pointer, cat("the kernel takes at most ", kMostMappings, " ranges, found ",
                                     mappings.size()));
  }
  for (std::size_t i = 0; i < mappings.size(); ++i) {
    const IdMapping& one = mappings[i];
    const std::string here = cat(pointer, "/", i);
    if (one.size == 0) report.error(cat(here, "/size"), "must not be 0");
    if (std::uint64_t{one.container_id} + one.size > kIds ||
        std::uint64_t{one.host_id} + one.size > kIds) {
      report.error(cat(here, "/size"), "the range ends above 4294967295");
    }
    report_overlap(mappings, i, &IdMapping::container_id, cat(here, "/containerID"), report);
    report_overlap(mappings, i, &IdMapping::host_id, cat(here, "/hostID"), report);
  }
}

void mapping_ranges_are_sound(const Spec& spec, const Report& report) {
  check_mappings(spec.linux.uid_mappings, "/linux/uidMappings", report);
  check_mappings(spec.linux.gid_mappings, "/linux/gidMappings", report);
  for (std::size_t i = 0; i < spec.mounts.size(); ++i) {
    check_mappings(spec.mounts[i].uid_mappings, cat("/mounts/", i, "/uidMappings"), report);
    check_mappings(spec.mounts[i].gid_mappings, cat("/mounts/", i, "/gidMappings"), report);
  }
}

void time_offsets_have_their_namespace(const Spec& spec, const Report& report) {
  if (!spec.linux.time_offsets) return;
  const Namespace* time = spec.linux.find(NamespaceType::time);
  if (time == nullptr)
    return report.error("/linux/timeOffsets", "needs a time namespace of the container's own");
  if (!time->path.empty()) {
    report.error("/linux/timeOffsets", cat("the offsets of a joined time namespace (",
                                           quote(time->path), ") cannot be changed"));
  }
}

void time_offsets_are_in_range(const Spec& spec, const Report& report) {
  if (!spec.linux.time_offsets) return;
  const auto check = [&](std::string_view clock, const std::optional<TimeOffset>& offset) {
    if (offset && offset->nanosecs >= kNanosecondsPerSecond) {
      report.error(cat("/linux/timeOffsets/", clock, "/nanosecs"),
                   cat("must be less than ", kNanosecondsPerSecond, ", found ", offset->nanosecs));
    }
  };
  check("monotonic", spec.linux.time_offsets->monotonic);
  check("boottime", spec.linux.time_offsets->boottime);
}

constexpr Check<Spec> kChecks[] = {
    {"namespaces.unique", namespaces_are_unique},
    {"namespaces.path_is_absolute", namespace_paths_are_absolute},
    {"hostname.has_its_namespace", hostname_has_its_namespace},
    {"domainname.has_its_namespace", domainname_has_its_namespace},
    {"namespaces.mount_is_there", mount_namespace_is_there},
    {"mappings.have_their_namespace", mappings_have_their_namespace},
    {"mappings.ranges_are_sound", mapping_ranges_are_sound},
    {"time_offsets.have_their_namespace", time_offsets_have_their_namespace},
    {"time_offsets.are_in_range", time_offsets_are_in_range},
};

}  // namespace

std::span<const Check<Spec>> namespace_checks() {
  return kChecks;
}

}  // namespace asylum::spec
