// SPDX-License-Identifier: Apache-2.0
// The words of mounts[].options as data: one table says what each word does, parse_mount_options()
// adds them up.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/oci_words.h"

namespace asylum::spec {

/// The modes of atime exclude each other: no bits, but a value.
enum class Atime : std::uint8_t {
  relative,
  never,
  strict
};  // relatime (the kernel's default), noatime, strictatime

/// Flags of the file system itself (superblock), as bits of our own.
enum SuperblockFlag : std::uint32_t {
  superblock_synchronous = 1U << 0,  // sync/async
  superblock_dirsync = 1U << 1,
  superblock_lazytime = 1U << 2,
  superblock_mand = 1U << 3,
  superblock_silent = 1U << 4,  // silent/loud
  superblock_iversion = 1U << 5,
};

/// No bit is in both masks: the later word wins, as with mount(8).
struct FlagChange {
  std::uint32_t set = 0;
  std::uint32_t cleared = 0;
  bool operator==(const FlagChange&) const = default;
  bool empty() const { return set == 0 && cleared == 0; }
};

struct AttributeChange : FlagChange {
  std::optional<Atime> atime;  // nothing: leave it as the file system or the bind's source has it
  bool operator==(const AttributeChange&) const = default;
  bool empty() const { return FlagChange::empty() && !atime; }
};

enum class Bind : std::uint8_t { none, bind, rbind };
enum class Idmap : std::uint8_t { none, idmap, ridmap };

/// A word that no table knows: it goes to the file system. Pointer: /mounts/<m>/options/<index>.
struct DataOption {
  std::uint32_t index = 0;
  std::string text;
  bool operator==(const DataOption&) const = default;
};

/// The sum of all options of one mount. Source: runtime-spec config.md#linux-mount-options.
struct MountOptions {
  AttributeChange attributes;            // ro, nosuid, noatime…: of this mount
  AttributeChange recursive_attributes;  // rro, rnosuid…: of the whole tree below as well
                                         // (mount_setattr AT_RECURSIVE)
  FlagChange superblock;
  std::vector<PropagationChange> propagation;  // in order; each is applied after the mount
  Bind bind = Bind::none;
  bool remount = false;
  Idmap idmap = Idmap::none;
  std::string idmap_text;  // crun's own "idmap=uids=0-1000-1": what follows the "=", else ""
  bool tmpcopyup = false;
  bool copy_symlink = false;  // crun's own: recreate a source that is a symbolic link
  bool source_nofollow = false;
  bool destination_nofollow = false;
  std::vector<DataOption> data;
  bool operator==(const MountOptions&) const = default;
};

enum class MountOptionKind : std::uint8_t {
  attribute_set,
  attribute_clear,
  atime_set,
  atime_clear,
  recursive_set,
  recursive_clear,
  recursive_atime_set,
  recursive_atime_clear,
  superblock_set,
  superblock_clear,
  propagation,
  propagation_recursive,
  bind,
  rbind,
  remount,
  idmap,
  ridmap,
  tmpcopyup,
  copy_symlink,
  source_nofollow,
  destination_nofollow,
  ignored,  // "defaults": means nothing
};

struct MountOptionRow {
  std::string_view name;
  MountOptionKind kind;
  std::uint32_t value;  // the attribute bit, SuperblockFlag, Atime or Propagation of the kind
};

/// Every word we know, sorted by name; `features` prints it.
std::span<const MountOptionRow> mount_option_table();
/// The row of `name`, or null: then it is data for the file system.
const MountOptionRow* find_mount_option(std::string_view name);

MountOptions parse_mount_options(std::span<const std::string> options);

}  // namespace asylum::spec
