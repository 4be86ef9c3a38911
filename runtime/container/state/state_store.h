// SPDX-License-Identifier: Apache-2.0
// The directory of all containers' state: <root>/<id>/, 0700 each. Names that are no ids (the
// filter cache "@seccomp") are not containers.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/container/state/settings.h"
#include "runtime/sys/fd.h"

namespace asylum::container {

/// `[A-Za-z0-9_+.-]+`, at most 255 bytes (it is a file name), not "." or "..".
bool is_valid_id(std::string_view id);
/// Throws invalid_usage for one that is not.
void check_id(const std::string& id);

class StateStore {
 public:
  explicit StateStore(const Settings& settings) : settings_(settings) {}

  /// Opened for reading; made if missing, with what is missing above it, 0700. This and all below
  /// throw denied for a root into which others could have put what we would believe.
  sys::Fd open_or_make_root() const;
  /// Exclusive. Throws already_exists: "container with given ID already exists".
  sys::Fd make(const std::string& id) const;
  /// Nothing if there is none. Throws for an id that cannot be one: "invalid container ID format",
  /// and denied for a directory that others have made or could have written to.
  std::optional<sys::Fd> try_open(const std::string& id) const;
  /// Why try_open() would not believe what is in the directory: "belongs to uid 1000"; "" = it
  /// would, or there is none.
  std::string distrust(const std::string& id) const;
  /// Throws not_found: "container does not exist".
  sys::Fd open(const std::string& id) const;
  /// The directory with all in it. The caller holds its lock.
  void remove(const std::string& id) const;
  /// The directory, if nothing is in it.
  void remove_empty(const std::string& id) const;
  /// Sorted. A missing root has none, unless it was given: then it throws.
  std::vector<std::string> ids() const;

 private:
  std::optional<sys::Fd> try_open_root(int flags) const;
  sys::Fd open_root() const;

  const Settings& settings_;
};

[[noreturn]] void throw_does_not_exist(const std::string& id);
/// `why`: "its record is missing".
[[noreturn]] void throw_damaged(const std::string& id, std::string_view why);

/// Whether remove() has begun with this container's directory.
bool is_leaving(int state_directory);

}  // namespace asylum::container
