// SPDX-License-Identifier: Apache-2.0
// What the command line asks for.
#pragma once

#include <cstdint>
#include <string>

#include "runtime/base/oci_words.h"

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

}  // namespace asylum::plan
