// SPDX-License-Identifier: Apache-2.0
// What every part of the typed config shares: kept unknown keys, ordered string maps, id mappings.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace asylum::spec {

/// A key that this version does not know, or one of another platform: kept verbatim, written back,
/// without effect.
struct UnknownKey {
  std::string key;
  std::string json;  // the value's own text in the document
  bool operator==(const UnknownKey&) const = default;
};
using Unknown = std::vector<UnknownKey>;

/// One member of an object of strings; kept in the document's order. Pointer: <object>/<escaped
/// key>.
struct KeyValue {
  std::string key;
  std::string value;
  bool operator==(const KeyValue&) const = default;
};

/// runtime-spec config-linux.md#user-namespace-mappings
struct IdMapping {
  std::uint32_t container_id = 0;
  std::uint32_t host_id = 0;
  std::uint32_t size = 0;
  Unknown unknown;
  bool operator==(const IdMapping&) const = default;
};

}  // namespace asylum::spec
