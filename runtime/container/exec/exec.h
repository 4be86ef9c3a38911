// SPDX-License-Identifier: Apache-2.0
// The verb exec: a further process in a container that exists.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/container/state/settings.h"
#include "spec/process.h"
#include "spec/spec.h"

namespace asylum::container {

struct ExecOptions {
  std::string id;
  std::vector<std::string> args;  // the program; empty with process_file
  std::string process_file;       // an OCI process object: replaces everything else
  std::string cwd;                // "" = the config's
  std::vector<std::string> env;   // appended to the config's, the last of a key wins
  std::string user;               // "UID[:GID]", "" = the config's
  std::vector<std::uint32_t> additional_gids;
  std::vector<std::string> capabilities;  // added to bounding, effective and permitted
  std::string apparmor_profile;
  std::string process_label;
  std::string cgroup;  // a sub-cgroup of the container's; "" = where its init is
  std::string console_socket;
  std::string pidfd_socket;
  std::string pid_file;
  std::int64_t timeout_ns = 0;   // 0 = may run for ever
  std::uint32_t listen_fds = 0;  // as in CreateOptions
  std::uint32_t preserve_fds = 0;
  bool tty = false;
  bool detach = false;
  bool no_new_privileges = false;
  bool ignore_paused = false;
  bool no_subreaper = false;
};

/// Returns the program's exit code, or 128 + signal; 0 when detached. Defaults come from the config
/// as it was at create.
int exec(Settings settings, const ExecOptions& options);

}  // namespace asylum::container
