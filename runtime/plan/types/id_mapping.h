// SPDX-License-Identifier: Apache-2.0
// A line of uid_map or gid_map.
#pragma once

#include <cstdint>

namespace asylum::plan {

/// `count` ids from `host_id` appear as `container_id` and up. Source: user_namespaces(7).
struct IdMapping {
  std::uint32_t container_id = 0;
  std::uint32_t host_id = 0;
  std::uint32_t count = 0;
  bool operator==(const IdMapping&) const = default;
};

}  // namespace asylum::plan
