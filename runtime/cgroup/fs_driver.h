// SPDX-License-Identifier: Apache-2.0
// The driver that uses the file system alone (runc's cgroupfs).
#pragma once

#include "runtime/cgroup/driver.h"

namespace asylum::cgroup {

class FsDriver : public Driver {
 public:
  Cgroup create(const CreateRequest& request, const Witness& witness) override;
  void update(const Place& place, const Cgroup& cgroup, const LimitsUpdate& update) override;
  void remove(const Place& place, const sys::Deadline& deadline) override;
  std::optional<Cgroup> find(const Place& place) override;
};

}  // namespace asylum::cgroup
