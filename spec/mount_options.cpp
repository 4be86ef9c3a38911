// SPDX-License-Identifier: Apache-2.0
#include "spec/mount_options.h"

#include <algorithm>

namespace asylum::spec {
namespace {

using Kind = MountOptionKind;

constexpr std::uint32_t value_of(Atime mode) {
  return static_cast<std::uint32_t>(mode);
}
constexpr std::uint32_t value_of(Propagation kind) {
  return static_cast<std::uint32_t>(kind);
}

// Sorted by name. Sources: runtime-spec config.md#linux-mount-options; the words of crun's own are
// marked in the header.
constexpr MountOptionRow kTable[] = {
    {"async", Kind::superblock_clear, superblock_synchronous},
    {"atime", Kind::atime_clear, value_of(Atime::never)},
    {"bind", Kind::bind, 0},
    {"copy-symlink", Kind::copy_symlink, 0},
    {"defaults", Kind::ignored, 0},
    {"dest-nofollow", Kind::destination_nofollow, 0},
    {"dev", Kind::attribute_clear, attribute::nodev},
    {"diratime", Kind::attribute_clear, attribute::nodiratime},
    {"dirsync", Kind::superblock_set, superblock_dirsync},
    {"exec", Kind::attribute_clear, attribute::noexec},
    {"idmap", Kind::idmap, 0},
    {"iversion", Kind::superblock_set, superblock_iversion},
    {"lazytime", Kind::superblock_set, superblock_lazytime},
    {"loud", Kind::superblock_clear, superblock_silent},
    {"mand", Kind::superblock_set, superblock_mand},
    {"noatime", Kind::atime_set, value_of(Atime::never)},
    {"nodev", Kind::attribute_set, attribute::nodev},
    {"nodiratime", Kind::attribute_set, attribute::nodiratime},
    {"noexec", Kind::attribute_set, attribute::noexec},
    {"noiversion", Kind::superblock_clear, superblock_iversion},
    {"nolazytime", Kind::superblock_clear, superblock_lazytime},
    {"nomand", Kind::superblock_clear, superblock_mand},
    {"norelatime", Kind::atime_clear, value_of(Atime::relative)},
    {"nostrictatime", Kind::atime_clear, value_of(Atime::strict)},
    {"nosuid", Kind::attribute_set, attribute::nosuid},
    {"nosymfollow", Kind::attribute_set, attribute::nosymfollow},
    {"private", Kind::propagation, value_of(Propagation::private_)},
    {"ratime", Kind::recursive_atime_clear, value_of(Atime::never)},
    {"rbind", Kind::rbind, 0},
    {"rdev", Kind::recursive_clear, attribute::nodev},
    {"rdiratime", Kind::recursive_clear, attribute::nodiratime},
    {"relatime", Kind::atime_set, value_of(Atime::relative)},
    {"remount", Kind::remount, 0},
    {"rexec", Kind::recursive_clear, attribute::noexec},
    {"ridmap", Kind::ridmap, 0},
    {"rnoatime", Kind::recursive_atime_set, value_of(Atime::never)},
    {"rnodev", Kind::recursive_set, attribute::nodev},
    {"rnodiratime", Kind::recursive_set, attribute::nodiratime},
    {"rnoexec", Kind::recursive_set, attribute::noexec},
    {"rnorelatime", Kind::recursive_atime_clear, value_of(Atime::relative)},
    {"rnostrictatime", Kind::recursive_atime_clear, value_of(Atime::strict)},
    {"rnosuid", Kind::recursive_set, attribute::nosuid},
    {"rnosymfollow", Kind::recursive_set, attribute::nosymfollow},
    {"ro", Kind::attribute_set, attribute::rdonly},
    {"rprivate", Kind::propagation_recursive, value_of(Propagation::private_)},
    {"rrelatime", Kind::recursive_atime_set, value_of(Atime::relative)},
    {"rro", Kind::recursive_set, attribute::rdonly},
    {"rrw", Kind::recursive_clear, attribute::rdonly},
    {"rshared", Kind::propagation_recursive, value_of(Propagation::shared)},
    {"rslave", Kind::propagation_recursive, value_of(Propagation::slave)},
    {"rstrictatime", Kind::recursive_atime_set, value_of(Atime::strict)},
    {"rsuid", Kind::recursive_clear, attribute::nosuid},
    {"rsymfollow", Kind::recursive_clear, attribute::nosymfollow},
    {"runbindable", Kind::propagation_recursive, value_of(Propagation::unbindable)},
    {"rw", Kind::attribute_clear, attribute::rdonly},
    {"shared", Kind::propagation, value_of(Propagation::shared)},
    {"silent", Kind::superblock_set, superblock_silent},
    {"slave", Kind::propagation, value_of(Propagation::slave)},
    {"src-nofollow", Kind::source_nofollow, 0},
    {"strictatime", Kind::atime_set, value_of(Atime::strict)},
    {"suid", Kind::attribute_clear, attribute::nosuid},
    {"symfollow", Kind::attribute_clear, attribute::nosymfollow},
    {"sync", Kind::superblock_set, superblock_synchronous},
    {"tmpcopyup", Kind::tmpcopyup, 0},
    {"unbindable", Kind::propagation, value_of(Propagation::unbindable)},
};
static_assert(std::is_sorted(std::begin(kTable), std::end(kTable),
                             [](const auto& a, const auto& b) { return a.name < b.name; }));

void set(FlagChange& change, std::uint32_t bits) {
  change.set |= bits;
  change.cleared &= ~bits;
}

void clear(FlagChange& change, std::uint32_t bits) {
  change.set &= ~bits;
  change.cleared |= bits;
}

// "nostrictatime" after "noatime" leaves noatime alone, as flags in a mask would. Where nothing was
// chosen yet, taking a mode away still means something to a bind whose source has it: back to the
// kernel's default.
void clear_atime(AttributeChange& change, Atime mode) {
  if (!change.atime || change.atime == mode) change.atime = Atime::relative;
}

void apply(MountOptions& options, const MountOptionRow& row) {
  const auto atime = static_cast<Atime>(row.value);
  const auto propagation = static_cast<Propagation>(row.value);
  switch (row.kind) {
    case Kind::attribute_set:
      return set(options.attributes, row.value);
    case Kind::attribute_clear:
      return clear(options.attributes, row.value);
    case Kind::atime_set:
      options.attributes.atime = atime;
      return;
    case Kind::atime_clear:
      return clear_atime(options.attributes, atime);
    case Kind::recursive_set:
      return set(options.recursive_attributes, row.value);
    case Kind::recursive_clear:
      return clear(options.recursive_attributes, row.value);
    case Kind::recursive_atime_set:
      options.recursive_attributes.atime = atime;
      return;
    case Kind::recursive_atime_clear:
      return clear_atime(options.recursive_attributes, atime);
    case Kind::superblock_set:
      return set(options.superblock, row.value);
    case Kind::superblock_clear:
      return clear(options.superblock, row.value);
    case Kind::propagation:
    case Kind::propagation_recursive:
      options.propagation.push_back({propagation, row.kind == Kind::propagation_recursive});
      return;
    case Kind::bind:
      if (options.bind == Bind::none) options.bind = Bind::bind;
      return;
    case Kind::rbind:
      options.bind = Bind::rbind;
      return;
    case Kind::remount:
      options.remount = true;
      return;
    case Kind::idmap:
    case Kind::ridmap:
      options.idmap = row.kind == Kind::ridmap ? Idmap::ridmap : Idmap::idmap;
      return;
    case Kind::tmpcopyup:
      options.tmpcopyup = true;
      return;
    case Kind::copy_symlink:
      options.copy_symlink = true;
      return;
    case Kind::source_nofollow:
      options.source_nofollow = true;
      return;
    case Kind::destination_nofollow:
      options.destination_nofollow = true;
      return;
    case Kind::ignored:
      return;
  }
}

}  // namespace

std::span<const MountOptionRow> mount_option_table() {
  return kTable;
}

const MountOptionRow* find_mount_option(std::string_view name) {
  const auto* row = std::lower_bound(std::begin(kTable), std::end(kTable), name,
                                     [](const auto& a, std::string_view b) { return a.name < b; });
  return row != std::end(kTable) && row->name == name ? row : nullptr;
}

MountOptions parse_mount_options(std::span<const std::string> options) {
  constexpr std::string_view kIdmap = "idmap=";
  constexpr std::string_view kRidmap = "ridmap=";
  MountOptions result;
  for (std::size_t i = 0; i < options.size(); ++i) {
    const std::string_view word = options[i];
    if (const MountOptionRow* row = find_mount_option(word)) {
      apply(result, *row);
    } else if (word.starts_with(kIdmap)) {
      result.idmap = Idmap::idmap;
      result.idmap_text = word.substr(kIdmap.size());
    } else if (word.starts_with(kRidmap)) {
      result.idmap = Idmap::ridmap;
      result.idmap_text = word.substr(kRidmap.size());
    } else {
      result.data.push_back({static_cast<std::uint32_t>(i), options[i]});
    }
  }
  return result;
}

}  // namespace asylum::spec
