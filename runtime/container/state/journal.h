// SPDX-License-Identifier: Apache-2.0
// What a container's creation has done to the host: for each effect an intent before it and, after
// it, `made` with the thing's identity. Whoever undoes, `delete` or a failing create, reads this
// and nothing else (design §7). One line a record, appended with one write(2); a line is there or
// it is not. Types of a later version are kept apart.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/cgroup/driver.h"
#include "runtime/process/main/detach_root.h"
#include "runtime/sys/fd.h"
#include "runtime/sys/file.h"

namespace asylum::container {

inline constexpr char kJournalName[] = "journal";

/// A pid alone is reused; with the start time it is one process of this boot.
struct ProcessIdentity {
  pid_t pid = 0;
  std::uint64_t start_time_ticks = 0;
  bool operator==(const ProcessIdentity&) const = default;
};

struct PidFile {
  std::string path;                       // absolute
  std::string temporary;                  // its random name in the same directory before the rename
  std::optional<sys::FileIdentity> made;  // nothing = there was an intent only
};

/// What a journal says, read whole.
struct Ledger {
  bool is_of_this_boot = true;  // else no pid and no cgroup in it means anything any more
  std::optional<cgroup::Place> cgroup;
  bool process_intended = false;
  std::optional<ProcessIdentity> init;
  // Made before init, where that is born into a pid namespace that others share; long gone when the
  // container is created.
  std::optional<ProcessIdentity> builder;
  std::vector<ProcessIdentity> helpers;
  std::optional<process::AttachedRoot> root;  // in a joined mount namespace
  std::optional<PidFile> pid_file;
  bool hooks_begun = false;  // host hooks may have done something that poststop hooks undo
  bool committed = false;    // create has succeeded; the pid file is its reader's from here on
  bool is_empty = true;      // no journal, or nothing in it: killed before the first effect
  // Why the journal cannot be believed, or not all of it: "its journal is ..."; "" = it can. What
  // was legible is above.
  std::string damage;
  std::vector<std::string> unknown;  // record types of a later version
};

/// Pure. `boot_id` as in /proc/sys/kernel/random/boot_id. `id`: whose journal it ought to be.
Ledger read_ledger(std::string_view text, std::string_view boot_id, std::string_view id);

/// The journal's text and this boot → Ledger; an empty one if there is no journal (killed before
/// the first effect). What is wrong with the file is the ledger's damage; throws only when this
/// process has no descriptor or memory left.
Ledger load_ledger(int state_directory, std::string_view id);

/// "7f0c…": names this boot. In the records that outlive one a pid or inode means nothing without
/// it.
std::string boot_id();

class Journal {
 public:
  /// A new one of container `id`, exclusively.
  static Journal make(int state_directory, const std::string& id);

  void intend_cgroup(const std::string& mount_point, std::span<const std::string> paths,
                     CgroupManager manager = CgroupManager::cgroupfs);
  /// Leaf last. A process is about to be made in it, so that intent rides along.
  void made_cgroup(std::span<const cgroup::Directory> directories);
  /// The directory turned out to be somebody else's.
  void abandon_cgroup(const std::string& path);
  void intend_process();
  void made_process(const ProcessIdentity& init);
  void made_builder(const ProcessIdentity& builder);
  void made_helper(const ProcessIdentity& helper);
  void intend_root(const process::AttachedRoot& attachment);
  void begin_hooks();
  void intend_pid_file(const std::string& path, const std::string& temporary);
  void made_pid_file(const sys::FileIdentity& identity);
  void commit();

 private:
  explicit Journal(sys::Fd file) : file_(std::move(file)) {}
  void add(const std::vector<std::string>& words);
  void write();

  sys::Fd file_;
  std::string pending_;  // lines of the next write
};

}  // namespace asylum::container
