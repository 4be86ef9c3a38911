// SPDX-License-Identifier: Apache-2.0
// explain, second part: how init builds the root file system.
#include "runtime/base/text.h"
#include "runtime/plan/explain/lines.h"
#include "runtime/plan/explain/words.h"
#include "runtime/plan/namespace_plan.h"
#include "runtime/plan/types/plan.h"

namespace asylum::plan {
namespace {

void append_words(std::string& out, const std::vector<std::string>& words,
                  std::string_view prefix = {}) {
  for (const std::string& word : words) out += cat(out.empty() ? "" : ",", prefix, word);
}

std::string mount_words(const Mount& mount) {
  std::string out;
  append_words(out, attribute_words(mount));
  if (mount.kind == MountKind::bind || mount.kind == MountKind::remount) {
    append_words(out, cleared_words(mount.attributes));
  }
  const bool sets_atime = (mount.recursive_attributes.clear & attribute::atime_mask) != 0;
  append_words(out, attribute_words(mount.recursive_attributes.set, sets_atime), "r");
  append_words(out, cleared_words(mount.recursive_attributes), "r");
  for (const FsParameter& one : mount.parameters) {
    if (one.key != "ro" || one.value) append_words(out, {text_of(one)});
  }
  for (const PropagationChange& one : mount.propagation) append_words(out, {text_of(one)});
  if (mount.copy_up) append_words(out, {"tmpcopyup"});
  if (mount.idmap) append_words(out, {mount.idmap->recursive ? "ridmap" : "idmap"});
  return out.empty() ? out : cat(" (", out, ")");
}

std::string read_only(const std::vector<std::string>& below) {
  return below.empty() ? "" : cat(", read-only below: ", join(below, " "));
}

std::string mount_text(const Mount& mount) {
  const std::string words = mount_words(mount);
  switch (mount.kind) {
    case MountKind::filesystem:
    case MountKind::cgroup:
      return cat("mount ", mount.fs_type, " on ", mount.destination, words);
    case MountKind::bind:
      return cat(mount.recursive_bind ? "rbind " : "bind ", mount.source, " on ", mount.destination,
                 words, read_only(mount.readonly_below));
    case MountKind::remount:
      return cat("change ", mount.destination, words);
  }
  return {};
}

std::string text_of_entry(const Root& root) {
  if (root.is == RootIs::borrowed) return cat("chroot to ", root.path);
  return root.no_pivot ? "move the root over / and chroot" : "pivot_root";
}

void explain_mounts(const Plan& plan, Lines& lines) {
  lines.section("root file system");
  if (plan.root.is == RootIs::borrowed) return;
  lines.add(cat("make / ", text_of(plan.root.parent_propagation)), plan.root.propagation_pointer);
  lines.add(cat("bind ", plan.root.path, " as the new root", read_only(plan.root.readonly_below)),
            plan.root.pointer);
  for (const Mount& one : plan.mounts) lines.add(mount_text(one), one.pointer);
}

void explain_devices(const Plan& plan, Lines& lines) {
  if (plan.root.is == RootIs::borrowed) return;
  lines.section("devices");
  if (!plan.own_dev) lines.add("use /dev as it is: nothing is made in it", "");
  for (const DeviceNode& one : plan.devices) {
    lines.add(one.bind_from_host ? cat("bind the host's ", one.path, " (", numbers_of(one), ")")
                                 : cat("make ", one.path, " (", numbers_of(one), ", mode ",
                                       octal(one.mode), ", owner ", one.uid, ":", one.gid, ")"),
              one.pointer);
  }
  for (const Symlink& one : plan.links) lines.add(cat("link ", one.path, " to ", one.target), "");
}

void explain_entry(const Plan& plan, Lines& lines) {
  const bool borrowed = plan.root.is == RootIs::borrowed;
  lines.section("enter the root");
  lines.add(text_of_entry(plan.root), borrowed ? plan.root.pointer : "");
  if (plan.process.terminal) {
    std::string_view place;
    if (!borrowed) place = ", bind it on /dev/console";
    if (!borrowed && !plan.own_dev) place = ", bind it on /dev/console if that exists";
    lines.add(cat("open a terminal", place), "/process/terminal");
  }
  if (plan.hostname) lines.add(cat("host name ", *plan.hostname), "/hostname");
  if (plan.domainname) lines.add(cat("domain name ", *plan.domainname), "/domainname");
  if (plan.root.readonly) lines.add("make the root read-only", "/root/readonly");
  if (plan.root.propagation) {
    lines.add(cat("make the root ", text_of(*plan.root.propagation)),
              plan.root.propagation_pointer);
  }
  for (const Sysctl& one : plan.sysctls) {
    lines.add(cat("sysctl ", one.name, " = ", quote(one.value)), one.pointer);
  }
  for (const PathItem& one : plan.readonly_paths) {
    lines.add(cat("make ", one.path, " read-only, if it exists"), one.pointer);
  }
  for (const PathItem& one : plan.masked_paths) {
    lines.add(cat("mask ", one.path, ", if it exists"), one.pointer);
  }
  if (plan.root.is == RootIs::attached) {
    const Namespace& joined = *find_namespace(plan, NamespaceType::mount);
    lines.add(cat("attach the root on ", plan.root.path, " of the mount namespace ", joined.path,
                  " and chroot to it"),
              cat(joined.pointer, "/path"));
  }
}

}  // namespace

void explain_root(const Plan& plan, Lines& lines) {
  explain_mounts(plan, lines);
  explain_devices(plan, lines);
  explain_hooks(plan, HookStage::create_container, lines);
  explain_entry(plan, lines);
}

}  // namespace asylum::plan
