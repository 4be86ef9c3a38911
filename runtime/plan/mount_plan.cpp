// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/mount_plan.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "runtime/base/text.h"
#include "runtime/plan/id_map_plan.h"
#include "runtime/plan/mount_parameters.h"
#include "runtime/plan/namespace_plan.h"
#include "runtime/plan/open_cgroups.h"
#include "runtime/plan/types/plan.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

struct Context {
  const spec::Mount& mount;
  std::string pointer;  // "/mounts/3"
  const HostFacts& facts;
  const Plan& plan;
  Findings& findings;
};

MountKind kind_of(const spec::Mount& mount) {
  if (mount.parsed.remount) return MountKind::remount;
  if (mount.parsed.bind != spec::Bind::none) return MountKind::bind;
  // Without a file system and without the word bind (validate lets this pass with words of
  // propagation only): the mount that is there, as `mount --make-rshared`, unless a source says
  // else.
  if (mount.type.empty() || mount.type == "none") return MountKind::remount;
  if (mount.type == "bind" || mount.type == "rbind") {
    return mount.source.empty() ? MountKind::remount : MountKind::bind;
  }
  if (mount.type == "cgroup" || mount.type == "cgroup2") return MountKind::cgroup;
  return MountKind::filesystem;
}

std::uint64_t atime_bits(spec::Atime mode) {
  switch (mode) {
    case spec::Atime::relative:
      return attribute::relatime;
    case spec::Atime::never:
      return attribute::noatime;
    case spec::Atime::strict:
      return attribute::strictatime;
  }
  return attribute::relatime;
}

/// Only what the words say is changed, so a bind keeps what its source has (locked flags included).
AttributeChange attributes_of(const spec::AttributeChange& change) {
  AttributeChange out{change.set, change.cleared};
  if (change.atime) {
    out.set |= atime_bits(*change.atime);
    out.clear |=
        attribute::atime_mask;  // mount_setattr(2): a mode is changed only if the mask is cleared
  }
  return out;
}

std::optional<IdmapRequest> idmap_of(const spec::Mount& mount) {
  if (mount.parsed.idmap == spec::Idmap::none && mount.uid_mappings.empty() &&
      mount.gid_mappings.empty()) {
    return std::nullopt;
  }
  IdmapRequest out;
  out.recursive = mount.parsed.idmap == spec::Idmap::ridmap;
  for (const auto& one : mount.uid_mappings) {
    out.uids.push_back({one.container_id, one.host_id, one.size});
  }
  for (const auto& one : mount.gid_mappings) {
    out.gids.push_back({one.container_id, one.host_id, one.size});
  }
  return out;
}

void plan_filesystem(const Context& context, Mount& mount) {
  mount.fs_type = context.mount.type;
  mount.source = context.mount.source.empty() ? context.mount.type : context.mount.source;
  mount.attributes.clear = 0;  // a new mount has nothing to clear
  const bool is_tmpfs = mount.fs_type == "tmpfs";
  const bool readonly = (mount.attributes.set & attribute::rdonly) != 0;
  mount.readonly_last = readonly && (is_tmpfs || mount.destination == "/dev");
  mount.parameters = superblock_parameters(context.mount, context.pointer, /*is_new=*/true,
                                           readonly && !mount.readonly_last, context.findings);
  add_data(context.mount, context.pointer, mount.parameters);
  mount.inherit_mode = is_tmpfs && !has_parameter(mount.parameters, "mode");
  mount.copy_up = is_tmpfs && context.mount.parsed.tmpcopyup;
  if (mount.fs_type == "sysfs" && makes_new(context.plan, NamespaceType::user) &&
      !makes_new(context.plan, NamespaceType::network)) {
    context.findings.unsupported(
        cat(context.pointer, "/type"),
        "sysfs cannot be mounted in a new user namespace without a new network namespace",
        "bind the host's /sys with options rbind and ro, or add {\"type\": \"network\"} to "
        "/linux/namespaces");
  }
}

std::string absolute_source(const std::string& source, const std::string& bundle) {
  return source.starts_with('/') ? source : cat(bundle, "/", source);
}

void plan_bind(const Context& context, const Request& request, Mount& mount) {
  mount.recursive_bind =
      context.mount.parsed.bind == spec::Bind::rbind || context.mount.type == "rbind";
  mount.source_nofollow = context.mount.parsed.source_nofollow;
  mount.copy_symlink = context.mount.parsed.copy_symlink;
  mount.source = absolute_source(context.mount.source, request.bundle);
  warn_superblock_words(context.mount, context.pointer, context.findings);
}

void plan_remount(const Context& context, Mount& mount) {
  if (context.mount.parsed.bind !=
      spec::Bind::none) {  // as mount(8): attributes of this mount only
    warn_superblock_words(context.mount, context.pointer, context.findings);
    return;
  }
  const bool readonly = (mount.attributes.set & attribute::rdonly) != 0;
  mount.parameters = superblock_parameters(context.mount, context.pointer, /*is_new=*/false,
                                           readonly, context.findings);
  add_data(context.mount, context.pointer, mount.parameters);
}

void plan_cgroup_mount(const Context& context, Mount& mount) {
  mount.fs_type = "cgroup2";
  mount.source = context.mount.source.empty() ? "cgroup" : context.mount.source;
  mount.attributes.clear = 0;
  for (const spec::DataOption& option : context.mount.parsed.data) {
    // kernel/cgroup/cgroup.c, apply_cgroup_root_flags: only the host's cgroup namespace may change
    // them.
    context.findings.warning(
        cat(context.pointer, "/options/", option.index),
        cat(quote(option.text), " has no effect: the options of cgroup2 are the host's"));
  }
  const std::uint64_t all = mount.attributes.set | mount.recursive_attributes.set;
  if ((all & attribute::rdonly) == 0 &&
      find_namespace(context.plan, NamespaceType::cgroup) == nullptr) {
    context.findings.warning(
        context.pointer,
        "without a cgroup namespace the container's root can change the container's own limits",
        "add the option \"ro\", or {\"type\": \"cgroup\"} to /linux/namespaces");
  }
  if (context.facts.cgroup.mount_point.empty()) {
    context.findings.unsupported(cat(context.pointer, "/type"), "the host has no cgroup2 mount",
                                 "mount -t cgroup2 none /sys/fs/cgroup, or remove this mount");
  }
}

/// The kernel answers EINVAL to a gid that its user namespace does not know (devpts with gid=5,
/// mostly).
void check_ids(const Context& context, const Mount& mount) {
  if (!context.plan.id_maps || mount.kind != MountKind::filesystem) return;
  for (const FsParameter& one : mount.parameters) {
    if (!one.value || (one.key != "uid" && one.key != "gid")) continue;
    const auto id = parse_u64(*one.value);
    const auto& maps = one.key == "uid" ? context.plan.id_maps->uids : context.plan.id_maps->gids;
    if (!id || (*id <= 0xffffffffU && is_mapped(maps, static_cast<std::uint32_t>(*id)))) continue;
    context.findings.error(one.pointer,
                           cat(quote(cat(one.key, "=", *one.value)),
                               " is not mapped into the container's user namespace"),
                           cat("remove the option, or map the id in /linux/", one.key, "Mappings"));
  }
}

void warn_without_effect(const Context& context, const Mount& mount) {
  const auto warn = [&](std::string_view word, std::string_view where) {
    context.findings.warning(cat(context.pointer, "/options"),
                             cat(quote(word), " has an effect only on ", where));
  };
  const spec::MountOptions& options = context.mount.parsed;
  if (mount.kind == MountKind::bind) return;
  if (options.copy_symlink) warn("copy-symlink", "a bind mount");
  if (options.source_nofollow) warn("src-nofollow", "a bind mount");
}

Mount plan_mount(const Context& context, const Request& request) {
  Mount mount;
  mount.kind = kind_of(context.mount);
  mount.pointer = context.pointer;
  mount.destination = clean_path(context.mount.destination);
  mount.destination_nofollow = context.mount.parsed.destination_nofollow;
  mount.attributes = attributes_of(context.mount.parsed.attributes);
  mount.recursive_attributes = attributes_of(context.mount.parsed.recursive_attributes);
  mount.propagation = context.mount.parsed.propagation;
  mount.idmap = idmap_of(context.mount);
  switch (mount.kind) {
    case MountKind::filesystem:
      plan_filesystem(context, mount);
      break;
    case MountKind::bind:
      plan_bind(context, request, mount);
      break;
    case MountKind::remount:
      plan_remount(context, mount);
      break;
    case MountKind::cgroup:
      plan_cgroup_mount(context, mount);
      break;
  }
  check_ids(context, mount);
  warn_without_effect(context, mount);
  return mount;
}

/// After the config's own: a tmpfs on /run must not cover it.
void plan_notify_mount(const Request& request, Plan& plan) {
  if (request.notify_directory.empty()) return;
  Mount mount;
  mount.kind = MountKind::bind;
  mount.destination = kNotifyMountPoint;
  mount.source = request.notify_directory;
  mount.attributes.set =
      attribute::rdonly | attribute::nosuid | attribute::nodev | attribute::noexec;
  plan.mounts.push_back(std::move(mount));
}

}  // namespace

DevIs whose_dev(const Plan& plan) {
  DevIs dev = DevIs::of_the_root;
  // The last one counts: it covers those before it.
  for (const Mount& one : plan.mounts) {
    const bool on_dev = one.destination == "/dev";
    if (one.kind == MountKind::remount || (!on_dev && one.destination != "/")) continue;
    if (one.kind == MountKind::filesystem && one.fs_type != "devtmpfs") {
      dev = DevIs::own;
    } else {
      dev = on_dev ? DevIs::bound : DevIs::of_the_root;
    }
  }
  return dev;
}

void plan_mounts(const spec::Spec& spec, const HostFacts& facts, const Request& request, Plan& plan,
                 Findings& findings) {
  for (std::size_t i = 0; i < spec.mounts.size(); ++i) {
    const Context context{spec.mounts[i], cat("/mounts/", i), facts, plan, findings};
    plan.mounts.push_back(plan_mount(context, request));
  }
  close_cgroups(facts, plan, findings);
  plan_notify_mount(request, plan);
}

}  // namespace asylum::plan
