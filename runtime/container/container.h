// SPDX-License-Identifier: Apache-2.0
// The verbs of a container's life: what each command of the command line calls. One function a
// verb. Every failure is an Error; the caller renders it once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/container/bundle.h"
#include "runtime/plan/plan.h"
#include "spec/state.h"

namespace asylum::container {

/// What every command knows.
struct Settings {
  std::string root;         // state directory of all containers, absolute
  bool root_given = false;  // by --root: then a missing one is an error for `list`
  plan::CgroupManager cgroup_manager = plan::CgroupManager::cgroupfs;
  std::optional<bool> rootless{};  // --rootless; nothing = auto
};

/// `/run/asylum-runc`, or `$XDG_RUNTIME_DIR/asylum-runc` when rootless (design §11).
std::string default_root();

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

/// Up to the gate. Whatever fails, nothing remains. `bundle`: the one that the options name, if it
/// has been read already.
void create(Settings settings, const CreateOptions& options, std::optional<Bundle> bundle = {});
/// create and start; in the foreground until the program ends, then delete. Returns the exit code:
/// the program's, or 128 + signal; 0 when detached.
int run(Settings settings, const CreateOptions& options, std::optional<Bundle> bundle = {});
void start(const Settings& settings, const std::string& id);
/// `all`: every process of the cgroup. Signal 0 is allowed.
void kill(const Settings& settings, const std::string& id, int signal, bool all);
/// force: kill first, and an id without state succeeds.
void remove(const Settings& settings, const std::string& id, bool force);

/// What `state` prints. Throws not_found: "container does not exist".
spec::State state(const Settings& settings, const std::string& id);
/// Sorted by id; with owner. What is wrong with files of ours is a warning, and the status then
/// "damaged".
std::vector<spec::State> list(const Settings& settings);

}  // namespace asylum::container
