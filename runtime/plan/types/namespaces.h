// SPDX-License-Identifier: Apache-2.0
// The plan's part about namespaces, and what is written into them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/base/oci_words.h"
#include "runtime/plan/types/id_mapping.h"

namespace asylum::plan {

struct Namespace {
  NamespaceType type{};
  std::string path;  // "" = make a new one; else join this file
  std::string pointer;
  // What of the config writes into it, by pointer: not allowed where it is the host's own.
  std::vector<std::string> written_by;
};

struct TimeOffset {
  std::string clock;  // "monotonic" or "boottime"
  std::int64_t seconds = 0;
  std::uint32_t nanoseconds = 0;
  std::string pointer;
};

/// Maps for a user namespace that is new. Written by main, directly or through newuidmap/newgidmap.
struct IdMaps {
  std::vector<IdMapping> uids;
  std::vector<IdMapping> gids;
  bool deny_setgroups = false;   // an unprivileged writer must, user_namespaces(7)
  bool through_helpers = false;  // newuidmap and newgidmap
  std::string pointer;
};

struct Sysctl {
  std::string name;  // "net.ipv4.ip_forward"
  std::string value;
  std::string pointer;
};

struct NamespacePlan {
  std::vector<Namespace> namespaces;
  std::vector<TimeOffset> time_offsets;
  std::optional<IdMaps> id_maps;
  std::optional<std::string> hostname, domainname;
  std::vector<Sysctl> sysctls;
  bool loopback_up = false;  // a new network namespace
};

}  // namespace asylum::plan
