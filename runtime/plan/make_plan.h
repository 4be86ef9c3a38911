// SPDX-License-Identifier: Apache-2.0
// Spec + HostFacts → Plan. Pure: no system call.
#pragma once

#include <string>
#include <vector>

#include "runtime/base/error.h"
#include "runtime/plan/types/plan.h"

namespace asylum::spec {
struct Spec;
}

namespace asylum::plan {

/// What the command line adds to the config.
struct Request {
  std::string id;
  std::string bundle;  // absolute
  bool no_pivot = false;
  bool no_new_keyring = false;
  std::string keyring;    // name of the session keyring; "" = without one
  bool detached = false;  // the command ends before the program does
  std::uint32_t preserve_fds = 0;
  std::uint32_t listen_fds = 0;  // LISTEN_FDS of our own environment, 0 when not for us
  std::string notify_directory;  // of our socket for sd_notify(3), on the host; "" = none
  CgroupManager cgroup_manager = CgroupManager::cgroupfs;
};

struct Planning {
  Plan plan;  // complete only if no finding is an error
  std::vector<Finding>
      findings;  // all of them; a property that is read but not acted on is an error naming it
};

Planning make_plan(const spec::Spec& spec, const HostFacts& facts, const Request& request);

}  // namespace asylum::plan
