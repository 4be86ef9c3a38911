// SPDX-License-Identifier: Apache-2.0
// Device rules → the bytes of a BPF_PROG_TYPE_CGROUP_DEVICE program. Pure; sys/bpf loads it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "runtime/plan/types/cgroup.h"

namespace asylum::plan {

enum class DeviceClass : std::uint8_t { any, character, block };

/// Bits of access as the program's context has them (linux/bpf.h, BPF_DEVCG_ACC_*).
namespace device_access {
inline constexpr std::uint32_t mknod = 1, read = 2, write = 4, all = 7;
}

struct DeviceRule {
  bool allow = false;
  DeviceClass type = DeviceClass::any;
  std::optional<std::uint32_t> major;  // absent: any
  std::optional<std::uint32_t> minor;
  std::uint32_t access = device_access::all;
};

/// What every container may do whatever its rules say, as in runc: make nodes (opening them is
/// another matter), use null, zero, full, random, urandom, tty, ptmx, pts/*, and net/tun.
std::span<const DeviceRule> always_allowed_devices();

/// `rules` in the config's order. Each requested bit of access is decided by the last rule that
/// matches the device and names this bit; a request is granted when all its bits are. What no rule
/// decides is denied. always_allowed_devices() come after the config's rules, so that the usual
/// first rule "deny all" leaves them usable. Source: runtime-spec
/// config-linux.md#allowed-device-list; the evolving list of cgroup v1, told without its quirk that
/// a rule can only be taken back by one that is equal to it.
std::vector<BpfInstruction> device_filter_program(std::span<const DeviceRule> rules);

}  // namespace asylum::plan
