// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/explain/words.h"

#include "runtime/base/text.h"
#include "runtime/plan/mount_plan.h"
#include "runtime/plan/types/id_mapping.h"
#include "runtime/plan/types/root.h"

namespace asylum::plan {

std::string_view name_of(RootIs is) {
  switch (is) {
    case RootIs::own:
      return "own";
    case RootIs::attached:
      return "attached";
    case RootIs::borrowed:
      return "borrowed";
  }
  return "?";
}

std::string_view name_of(MountKind kind) {
  switch (kind) {
    case MountKind::filesystem:
      return "filesystem";
    case MountKind::bind:
      return "bind";
    case MountKind::remount:
      return "remount";
    case MountKind::cgroup:
      return "cgroup";
  }
  return "?";
}

// Order and words: fs/proc_namespace.c, show_mnt_opts.
std::vector<std::string> attribute_words(std::uint64_t bits, bool set_atime) {
  std::vector<std::string> out;
  if (bits & attribute::rdonly) out.emplace_back("ro");
  if (bits & attribute::nosuid) out.emplace_back("nosuid");
  if (bits & attribute::nodev) out.emplace_back("nodev");
  if (bits & attribute::noexec) out.emplace_back("noexec");
  const std::uint64_t atime = bits & attribute::atime_mask;
  if (atime == attribute::noatime) out.emplace_back("noatime");
  if (bits & attribute::nodiratime) out.emplace_back("nodiratime");
  if (atime == attribute::strictatime) out.emplace_back("strictatime");
  if (set_atime && atime == attribute::relatime) out.emplace_back("relatime");
  if (bits & attribute::nosymfollow) out.emplace_back("nosymfollow");
  return out;
}

std::vector<std::string> attribute_words(const Mount& mount) {
  const bool is_new = mount.kind == MountKind::filesystem || mount.kind == MountKind::cgroup;
  const bool sets_atime = is_new || (mount.attributes.clear & attribute::atime_mask) != 0;
  std::vector<std::string> out = attribute_words(mount.attributes.set, sets_atime);
  if (is_new && (mount.attributes.set & attribute::rdonly) == 0) out.insert(out.begin(), "rw");
  return out;
}

std::vector<std::string> cleared_words(const AttributeChange& change) {
  std::vector<std::string> out;
  if (change.clear & attribute::rdonly) out.emplace_back("rw");
  if (change.clear & attribute::nosuid) out.emplace_back("suid");
  if (change.clear & attribute::nodev) out.emplace_back("dev");
  if (change.clear & attribute::noexec) out.emplace_back("exec");
  if (change.clear & attribute::nodiratime) out.emplace_back("diratime");
  if (change.clear & attribute::nosymfollow) out.emplace_back("symfollow");
  return out;
}

std::string text_of(const FsParameter& parameter) {
  return parameter.value ? cat(parameter.key, "=", *parameter.value) : parameter.key;
}

std::string text_of(const PropagationChange& change) {
  return std::string(word_of(change));
}

std::string text_of(const IdMapping& mapping) {
  return cat(mapping.container_id, " ", mapping.host_id, " ", mapping.count);
}

std::string numbers_of(const DeviceNode& node) {
  if (node.type == 'p') return "p";
  return cat(node.type, " ", node.major, ":", node.minor);
}

std::string octal(std::uint32_t mode) {
  std::string out;
  for (; mode != 0; mode >>= 3) out.insert(out.begin(), static_cast<char>('0' + (mode & 7)));
  out.insert(out.begin(), '0');
  return out;
}

std::string limit_words(std::uint64_t value) {
  return value == ~0ULL ? std::string("unlimited") : cat(value);
}

std::vector<std::string> pointers_of(const std::vector<FsParameter>& parameters) {
  std::vector<std::string> out;
  out.reserve(parameters.size());
  for (const FsParameter& one : parameters) out.push_back(one.pointer);
  return out;
}

std::vector<std::string> instruction_words(const std::vector<BpfInstruction>& program) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::vector<std::string> out;
  out.reserve(program.size());
  for (const BpfInstruction instruction : program) {
    std::string& word = out.emplace_back();
    for (int shift = 60; shift >= 0; shift -= 4) word += kDigits[(instruction >> shift) & 15];
  }
  return out;
}

}  // namespace asylum::plan
