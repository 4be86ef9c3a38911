// SPDX-License-Identifier: Apache-2.0
// The words of the OCI documents that more than one layer knows, each enum with its table: once.
// Source: runtime-spec config.md, config-linux.md. Words of the config alone are spec/names.h's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace asylum {

template <typename Enum>
struct Named {
  std::string_view word;
  Enum value;
};

/// The table of an enum, the preferred word of each value first. Defined for every enum below and
/// those of spec/names.h.
template <typename Enum>
std::span<const Named<Enum>> words();

/// "SCMP_ACT_ALLOW"; "" for a value outside the table.
template <typename Enum>
std::string_view word_of(const Enum& value) {
  for (const auto& row : words<Enum>()) {
    if (row.value == value) return row.word;
  }
  return {};
}

template <typename Enum>
std::optional<Enum> value_of(std::string_view word) {
  for (const auto& row : words<Enum>()) {
    if (row.word == word) return row.value;
  }
  return std::nullopt;
}

// ---- config-linux.md#namespaces -----------------------------------------------------------------

/// In the order in which they are joined or made: the user namespace owns the others.
enum class NamespaceType : std::uint8_t { user, mount, pid, network, ipc, uts, cgroup, time };

// ---- config.md#mounts ---------------------------------------------------------------------------

enum class Propagation : std::uint8_t { private_, slave, shared, unbindable };

/// "rslave" is {slave, true}.
struct PropagationChange {
  Propagation to = Propagation::private_;
  bool recursive = false;
  bool operator==(const PropagationChange&) const = default;
};

/// MOUNT_ATTR_*, linux/mount.h, as mount_setattr(2) takes them (no kernel header here: what plans is
/// pure; sys/mount/mount.cpp asserts the values).
namespace attribute {
inline constexpr std::uint32_t rdonly = 0x1, nosuid = 0x2, nodev = 0x4, noexec = 0x8;
inline constexpr std::uint32_t atime_mask = 0x70, relatime = 0x0, noatime = 0x10,
                               strictatime = 0x20;
inline constexpr std::uint32_t nodiratime = 0x80, nosymfollow = 0x200000;
}  // namespace attribute

// ---- config-linux.md#seccomp --------------------------------------------------------------------

enum class SeccompAction : std::uint8_t {
  kill_thread,  // SCMP_ACT_KILL and SCMP_ACT_KILL_THREAD are one action; written back as the former
  kill_process,
  trap,
  errno_,
  trace,
  allow,
  log,
  notify,
};
enum class SeccompFlag : std::uint8_t { tsync, log, spec_allow, wait_killable_recv };
enum class SeccompOperator : std::uint8_t {
  not_equal,
  less,
  less_or_equal,
  equal,
  greater_or_equal,
  greater,
  masked_equal,
};
enum class SeccompArch : std::uint8_t {
  x86,
  x86_64,
  x32,
  arm,
  aarch64,
  loongarch64,
  m68k,
  mips,
  mips64,
  mips64n32,
  mipsel,
  mipsel64,
  mipsel64n32,
  ppc,
  ppc64,
  ppc64le,
  s390,
  s390x,
  sh,
  sheb,
  parisc,
  parisc64,
  riscv64,
};

// ---- config.md#posix-platform-hooks --------------------------------------------------------------

enum class HookStage : std::uint8_t {
  prestart,
  create_runtime,
  create_container,
  start_container,
  poststart,
  poststop
};
inline constexpr std::size_t kHookStages = 6;

// ---- not of the documents: --cgroup-manager -----------------------------------------------------

enum class CgroupManager : std::uint8_t { cgroupfs, systemd, disabled };

// clang-format off
template <> std::span<const Named<NamespaceType>> words<NamespaceType>();
template <> std::span<const Named<PropagationChange>> words<PropagationChange>();
template <> std::span<const Named<SeccompAction>> words<SeccompAction>();
template <> std::span<const Named<SeccompFlag>> words<SeccompFlag>();
template <> std::span<const Named<SeccompOperator>> words<SeccompOperator>();
template <> std::span<const Named<SeccompArch>> words<SeccompArch>();
template <> std::span<const Named<HookStage>> words<HookStage>();
template <> std::span<const Named<CgroupManager>> words<CgroupManager>();
// clang-format on

}  // namespace asylum
