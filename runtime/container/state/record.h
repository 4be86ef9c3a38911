// SPDX-License-Identifier: Apache-2.0
// What does not change in a container's life, kept in its state directory: written once by create,
// read by every other command. What is made on the host is the journal's.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/base/oci_words.h"
#include "runtime/cgroup/driver.h"
#include "runtime/plan/types/hooks.h"

namespace asylum::plan {
struct Plan;
}

namespace asylum::container {

inline constexpr char kRecordName[] = "record";

struct Record {
  plan::StateSeed state;
  std::string rootfs;
  std::string created;  // RFC 3339, UTC, nanoseconds
  uid_t owner = 0;
  CgroupManager cgroup_manager = CgroupManager::cgroupfs;
  std::optional<std::string> keyring;  // name of its session keyring; "" = it has none of its own
  bool own_pid_namespace = false;      // then the kernel kills all of it with its first process
  // As the journal has it: either of the two finds all processes when the other is lost.
  std::optional<cgroup::Place> cgroup;
  std::string boot_id;  // in which the cgroup's inodes mean something
  std::vector<plan::Hook> poststart;
  std::vector<plan::Hook> poststop;
};

Record make_record(const plan::Plan& plan);

/// Lines of words. Pure.
std::string write_record(const Record& record);
/// Nothing if it is not one, or damaged.
std::optional<Record> read_record(std::string_view text);

/// A container's record as found.
struct SeenRecord {
  std::optional<Record> record;
  std::string damage;  // "its record is ..."; "" = none, also when there is no record
};
/// Throws only when this process has no descriptor or memory left.
SeenRecord load_record(int state_directory, std::string_view id);

}  // namespace asylum::container
