// SPDX-License-Identifier: Apache-2.0
// What the command line says of a container to be made.
#pragma once

#include <cstdint>
#include <string>

namespace asylum::container {

struct CreateOptions {
  std::string id;
  std::string bundle = ".";        // made absolute
  std::string config_file;         // "" = config.json in the bundle
  std::string pid_file;            // "" = none
  std::string console_socket;      // "" = none
  std::string pidfd_socket;        // "" = none
  std::uint32_t listen_fds = 0;    // from 3 on, passed by a service manager and proven open
  std::uint32_t preserve_fds = 0;  // after those, proven open as well
  bool no_pivot = false;
  bool no_new_keyring = false;
  // run only
  bool detach = false;
  bool keep = false;
  bool no_subreaper = false;
};

}  // namespace asylum::container
