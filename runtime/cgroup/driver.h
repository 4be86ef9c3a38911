// SPDX-License-Identifier: Apache-2.0
// What differs between the managers of cgroups: how a container's cgroup comes and goes. All else
// is files (cgroup.h).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "runtime/base/oci_words.h"
#include "runtime/cgroup/cgroup.h"
#include "runtime/plan/types/cgroup.h"

namespace asylum::cgroup {

/// A directory below the mount and, once it was made, its identity.
struct Directory {
  std::string path;         // "/asylum/web1"
  std::uint64_t inode = 0;  // 0 = there was an intent only
};

/// Where a container's cgroup is, as its journal knows it, and whose driver made it.
struct Place {
  std::string mount_point;
  Directory directory;
  std::vector<Directory> ancestors;  // those that were missing and so are ours, outermost first
  CgroupManager manager = CgroupManager::cgroupfs;
};

/// How a driver tells the journal. Each call is on disk when it returns.
struct Witness {
  std::function<void(std::span<const std::string> paths)> intend;  // before they are made
  std::function<void(std::span<const Directory> made)> made;       // before anything enters them
  std::function<void(const std::string& path)> abandon;  // another was faster: the intent is void
};

struct CreateRequest {
  const plan::Cgroup& cgroup;
  // Where mknod is impossible, a device filter that may not be loaded is left out (design §11).
  bool mknod_is_impossible = false;
  std::optional<uid_t> delegate_to;  // who gets the directory when cgroup.delegate is set
};

/// Other limits for a cgroup that is there.
struct LimitsUpdate {
  std::span<const plan::ControlWrite> writes;  // in order
  // The program in the place of ours, atomically; never a second one beside it. Empty: as it is.
  std::span<const plan::BpfInstruction> devices;
  // When all is written, and still undone should this throw.
  std::function<void()> applied;
};

/// Nothing beside it makes, finds, changes or removes a container's cgroup.
class Driver {
 public:
  virtual ~Driver() = default;

  /// Makes the directory, exclusively, with limits and device filter: nothing has entered it yet.
  /// Throws; what was made until then is in the journal.
  virtual Cgroup create(const CreateRequest& request, const Witness& witness) = 0;
  /// All of it or nothing. What the kernel made of a value other than was written is warned of.
  virtual void update(const Place& place, const Cgroup& cgroup, const LimitsUpdate& update) = 0;
  /// Kills what lives in it and removes it with all below, then those ancestors of ours that are
  /// empty. Only what still bears the recorded identity is killed; for a lone intent an rmdir is
  /// tried, no more.
  virtual void remove(const Place& place, const sys::Deadline& deadline) = 0;
  /// The cgroup, if the directory is still the one that was made.
  virtual std::optional<Cgroup> find(const Place& place) = 0;
};

/// None for CgroupManager::disabled. Throws ErrorKind::unsupported for one that is not built.
std::unique_ptr<Driver> make_driver(CgroupManager manager);

/// What make_driver() calls; null = not built. Tests put a driver of theirs in.
using DriverFactory = std::unique_ptr<Driver> (*)();
DriverFactory& driver_factory(CgroupManager manager);

}  // namespace asylum::cgroup
