// SPDX-License-Identifier: Apache-2.0
// Rules of mounts and of the paths laid over the container's files.
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>

#include "runtime/base/text.h"
#include "spec/check/syntax.h"
#include "spec/check/validate.h"

namespace asylum::spec {
namespace {

std::string pointer_of(std::size_t mount) {
  return cat("/mounts/", mount);
}

template <typename Rule>
void for_each_mount(const Spec& spec, const Rule& rule) {
  for (std::size_t i = 0; i < spec.mounts.size(); ++i) rule(spec.mounts[i], pointer_of(i));
}

bool is_bind_type(std::string_view type) {
  return type.empty() || type == "none" || type == "bind";
}

void destinations_are_absolute(const Spec& spec, const Report& report) {
  for_each_mount(spec, [&](const Mount& mount, const std::string& pointer) {
    if (mount.destination.empty())
      return report.error(cat(pointer, "/destination"), "must not be empty");
    if (!is_absolute(mount.destination)) {
      report.warning(cat(pointer, "/destination"),
                     "is relative and taken from the container's root directory");
    }
  });
}

// What lxcfs provides. Anything else over a file of /proc could lie to, or take control of, what
// reads it (CVE-2019-16884).
constexpr std::string_view kOverProc[] = {
    "/proc/cpuinfo",
    "/proc/diskstats",
    "/proc/loadavg",
    "/proc/meminfo",
    "/proc/slabinfo",
    "/proc/stat",
    "/proc/swaps",
    "/proc/sys/crypto/fips_enabled",
    "/proc/sys/kernel/ns_last_pid",
    "/proc/uptime",
};

// A bind upon /proc itself is judged by init, which sees whether its source is a procfs.
void proc_is_left_alone(const Spec& spec, const Report& report) {
  for_each_mount(spec, [&](const Mount& mount, const std::string& pointer) {
    const std::string path = clean_path(mount.destination);
    if (path == "/proc") {
      if (mount.type != "proc" && !is_bind_type(mount.type)) {
        report.error(
            cat(pointer, "/type"),
            cat("only a proc file system can be mounted on /proc, found ", quote(mount.type)));
      }
    } else if (path.starts_with("/proc/") &&
               std::find(std::begin(kOverProc), std::end(kOverProc), path) == std::end(kOverProc)) {
      report.error(
          cat(pointer, "/destination"),
          cat(quote(path), " cannot be mounted upon, it is inside /proc"),
          "only what lxcfs provides can: /proc/cpuinfo, meminfo, stat, uptime and the like");
    }
  });
}

// The type "bind" alone is a bind, as users of mount(8) and other runtimes expect.
bool is_bind(const Mount& mount) {
  return mount.parsed.bind != Bind::none || mount.type == "bind";
}

void kind_is_clear(const Spec& spec, const Report& report) {
  for_each_mount(spec, [&](const Mount& mount, const std::string& pointer) {
    const MountOptions& options = mount.parsed;
    if (is_bind_type(mount.type) && !is_bind(mount) && !options.remount &&
        options.propagation.empty()) {
      report.error(mount.type.empty() ? pointer : cat(pointer, "/type"),
                   "neither a file-system type nor a bind",
                   "add the option \"bind\" or \"rbind\", or a type such as \"tmpfs\"");
    }
    if (is_bind(mount) && mount.source.empty() && !options.remount) {
      report.error(pointer, "a bind needs the key \"source\"");
    }
  });
}

// Words of the engines' own command lines that reach the config, about what the engine does itself.
constexpr std::string_view kEngineWords[] = {"copy", "nocopy", "volume-nocopy", "z",    "Z",
                                             "U",    "O",      "noU",           "upper"};

// A slip of one of these leaves the container more power than was asked for, or another view.
constexpr std::string_view kWeightyWords[] = {
    "ro",      "rro",      "nosuid", "rnosuid", "nodev", "rnodev", "noexec",    "rnoexec",
    "private", "rprivate", "shared", "rshared", "slave", "rslave", "unbindable"};

std::optional<std::string_view> weighty_word_near(const std::string& option) {
  if (equals_in_any_case(option, "readonly") || equals_in_any_case(option, "read-only"))
    return "ro";
  for (const std::string_view word : kWeightyWords) {
    if (equals_in_any_case(option, word)) return word;
  }
  return closest_match(option, kWeightyWords);
}

void judge_data_of_bind(const DataOption& option, const std::string& pointer,
                        const Report& report) {
  if (std::find(std::begin(kEngineWords), std::end(kEngineWords), option.text) !=
      std::end(kEngineWords)) {
    return;
  }
  if (const auto near = weighty_word_near(option.text)) {
    return report.error(pointer, cat("unknown option ", quote(option.text)),
                        cat("did you mean ", quote(*near), "?"));
  }
  report.warning(pointer, cat("the option ", quote(option.text), " has no effect on a bind"));
}

void binds_carry_no_data(const Spec& spec, const Report& report) {
  for_each_mount(spec, [&](const Mount& mount, const std::string& pointer) {
    if (!is_bind(mount)) return;
    for (const DataOption& option : mount.parsed.data) {
      judge_data_of_bind(option, cat(pointer, "/options/", option.index), report);
    }
  });
}

void tmpcopyup_is_for_tmpfs(const Spec& spec, const Report& report) {
  for_each_mount(spec, [&](const Mount& mount, const std::string& pointer) {
    if (mount.parsed.tmpcopyup && mount.type != "tmpfs") {
      report.error(cat(pointer, "/options"), "the option \"tmpcopyup\" is for a tmpfs only");
    }
  });
}

struct Word {
  std::size_t family;  // 0 attributes, 1 recursive ones, 2 of the superblock
  bool sets;
};

std::optional<Word> word_of(MountOptionKind kind) {
  switch (kind) {
    case MountOptionKind::attribute_set:
      return Word{0, true};
    case MountOptionKind::attribute_clear:
      return Word{0, false};
    case MountOptionKind::recursive_set:
      return Word{1, true};
    case MountOptionKind::recursive_clear:
      return Word{1, false};
    case MountOptionKind::superblock_set:
      return Word{2, true};
    case MountOptionKind::superblock_clear:
      return Word{2, false};
    default:
      return std::nullopt;
  }
}

void options_do_not_conflict(const Spec& spec, const Report& report) {
  for_each_mount(spec, [&](const Mount& mount, const std::string& pointer) {
    // By family, bit and what is done to it: bits are the kernel's, up to the last of their type.
    std::map<std::tuple<std::size_t, std::uint32_t, bool>, const std::string*> seen;
    for (std::size_t i = 0; i < mount.options.size(); ++i) {
      const MountOptionRow* row = find_mount_option(mount.options[i]);
      const auto word = row != nullptr ? word_of(row->kind) : std::nullopt;
      if (!word) continue;
      seen[{word->family, row->value, word->sets}] = &mount.options[i];
      const auto other = seen.find({word->family, row->value, !word->sets});
      if (other == seen.end()) continue;
      report.warning(cat(pointer, "/options/", i),
                     cat(quote(mount.options[i]), " takes back ", quote(*other->second)));
    }
  });
}

void idmaps_are_complete(const Spec& spec, const Report& report) {
  for_each_mount(spec, [&](const Mount& mount, const std::string& pointer) {
    if (mount.uid_mappings.empty() != mount.gid_mappings.empty()) {
      report.error(pointer, "uidMappings and gidMappings must be given together");
    }
    if (mount.parsed.idmap != Idmap::none && mount.uid_mappings.empty() &&
        mount.gid_mappings.empty() && mount.parsed.idmap_text.empty() &&
        spec.linux.find(NamespaceType::user) == nullptr) {
      report.error(
          pointer,
          "an idmapped mount without mappings needs a user namespace of the container's own");
    }
  });
}

void check_paths(const std::vector<std::string>& paths, std::string_view pointer,
                 const Report& report) {
  for (std::size_t i = 0; i < paths.size(); ++i) {
    if (!is_absolute(paths[i])) {
      report.error(cat(pointer, "/", i), cat("must be an absolute path, found ", quote(paths[i])));
    }
  }
}

void masked_paths_are_absolute(const Spec& spec, const Report& report) {
  check_paths(spec.linux.masked_paths, "/linux/maskedPaths", report);
}

void readonly_paths_are_absolute(const Spec& spec, const Report& report) {
  check_paths(spec.linux.readonly_paths, "/linux/readonlyPaths", report);
}

constexpr Check<Spec> kChecks[] = {
    {"mounts.destination_is_absolute", destinations_are_absolute},
    {"mounts.proc_is_left_alone", proc_is_left_alone},
    {"mounts.kind_is_clear", kind_is_clear},
    {"mounts.binds_carry_no_data", binds_carry_no_data},
    {"mounts.tmpcopyup_is_for_tmpfs", tmpcopyup_is_for_tmpfs},
    {"mounts.options_do_not_conflict", options_do_not_conflict},
    {"mounts.idmaps_are_complete", idmaps_are_complete},
    {"masked_paths.are_absolute", masked_paths_are_absolute},
    {"readonly_paths.are_absolute", readonly_paths_are_absolute},
};

}  // namespace

std::span<const Check<Spec>> mount_checks() {
  return kChecks;
}

}  // namespace asylum::spec
