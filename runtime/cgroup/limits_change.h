// SPDX-License-Identifier: Apache-2.0
// Control files and device filter of one cgroup changed together, or not at all.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "runtime/cgroup/cgroup.h"
#include "runtime/plan/types/cgroup.h"
#include "runtime/sys/fd.h"

namespace asylum::cgroup {

class LimitsChange {
 public:
  LimitsChange(const Cgroup& cgroup, std::string mount_point)
      : cgroup_(cgroup), mount_point_(std::move(mount_point)) {}
  LimitsChange(const LimitsChange&) = delete;
  LimitsChange& operator=(const LimitsChange&) = delete;
  /// In order; enables the controllers in the cgroups above first. Throws.
  void write(std::span<const plan::ControlWrite> writes);
  /// The new program in the place of ours, atomically; never a second one beside it. Throws.
  void replace_devices(std::span<const plan::BpfInstruction> program);

  /// Puts back what was there; what cannot be is warned of.
  void roll_back() noexcept;
  /// Reads back, and warns of each file that says otherwise than was written.
  void warn_of_differences() const;

 private:
  struct Done {
    plan::ControlWrite write;
    std::string before;
  };
  plan::ControlWrite existing(const plan::ControlWrite& write) const;
  void restore(const Done& done) const;

  const Cgroup& cgroup_;
  std::string mount_point_;
  std::vector<Done> done_;
  sys::Fd old_program_;
  sys::Fd new_program_;
};

}  // namespace asylum::cgroup
