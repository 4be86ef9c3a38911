// SPDX-License-Identifier: Apache-2.0
// The typed `linux` object. Source: runtime-spec config-linux.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/oci_words.h"
#include "spec/mount_options.h"
#include "spec/resources.h"
#include "spec/seccomp.h"
#include "spec/types.h"

namespace asylum::spec {

struct Namespace {
  NamespaceType type = NamespaceType::pid;
  std::string path;  // "" = a new one
  Unknown unknown;
  bool operator==(const Namespace&) const = default;
};

struct TimeOffset {
  std::int64_t secs = 0;
  std::uint32_t nanosecs = 0;
  Unknown unknown;
  bool operator==(const TimeOffset&) const = default;
};

struct TimeOffsets {
  std::optional<TimeOffset> monotonic;
  std::optional<TimeOffset> boottime;
  Unknown unknown;
  bool operator==(const TimeOffsets&) const = default;
};

enum class DeviceType : std::uint8_t { character, block, unbuffered, fifo };  // c, b, u (as c), p

struct Device {
  DeviceType type = DeviceType::character;
  std::string path;
  std::optional<std::int64_t> major;  // required unless a fifo (validated)
  std::optional<std::int64_t> minor;
  std::optional<std::uint32_t> file_mode;  // permission bits, 0 to 07777
  std::optional<std::uint32_t> uid;
  std::optional<std::uint32_t> gid;
  Unknown unknown;
  bool operator==(const Device&) const = default;
};

struct NetDevice {
  std::string host_name;  // the member's key. Pointer: /linux/netDevices/<host_name>
  std::string name;       // inside; "" = the same
  Unknown unknown;
  bool operator==(const NetDevice&) const = default;
};

struct IntelRdt {
  std::string clos_id;  // "" = the container's id
  std::vector<std::string> schemata;
  std::string l3_cache_schema;
  std::string mem_bw_schema;
  bool enable_monitoring = false;
  Unknown unknown;
  bool operator==(const IntelRdt&) const = default;
};

enum class MemoryPolicyMode : std::uint8_t {
  default_,
  bind,
  interleave,
  weighted_interleave,
  preferred,
  preferred_many,
  local,
};
enum class MemoryPolicyFlag : std::uint8_t { numa_balancing, relative_nodes, static_nodes };

struct MemoryPolicy {
  MemoryPolicyMode mode = MemoryPolicyMode::default_;
  std::string nodes;  // "0-3,7"
  std::vector<MemoryPolicyFlag> flags;
  Unknown unknown;
  bool operator==(const MemoryPolicy&) const = default;
};

enum class PersonalityDomain : std::uint8_t { linux_, linux32 };

struct Personality {
  PersonalityDomain domain = PersonalityDomain::linux_;
  std::vector<std::string> flags;
  Unknown unknown;
  bool operator==(const Personality&) const = default;
};

/// An absent `linux` and an empty one mean the same.
struct Linux {
  std::vector<Namespace> namespaces;
  std::vector<IdMapping> uid_mappings;
  std::vector<IdMapping> gid_mappings;
  std::optional<TimeOffsets> time_offsets;
  std::vector<Device> devices;
  std::vector<NetDevice> net_devices;
  std::string cgroups_path;  // "" = chosen by us
  std::optional<PropagationChange> rootfs_propagation;
  Resources resources;
  std::optional<Seccomp> seccomp;
  std::vector<KeyValue> sysctl;
  std::vector<std::string> masked_paths;
  std::vector<std::string> readonly_paths;
  std::string mount_label;  // "" = none
  std::optional<IntelRdt> intel_rdt;
  std::optional<MemoryPolicy> memory_policy;
  std::optional<Personality> personality;
  Unknown unknown;
  bool operator==(const Linux&) const = default;

  const Namespace* find(NamespaceType type) const {
    for (const Namespace& one : namespaces) {
      if (one.type == type) return &one;
    }
    return nullptr;
  }
};

}  // namespace asylum::spec
