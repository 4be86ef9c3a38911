// SPDX-License-Identifier: Apache-2.0
// What init's kernel tests share: a plan like the default config's, a root file system of busybox,
// a whole start through launch() and the gate, and single steps in a child with its own mounts.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "runtime/plan/types/plan.h"
#include "runtime/process/init/init.h"
#include "tests/kernel/kernel_support.h"  // REQUIRE_ROOT
#include "tests/sys/temporary_directory.h"

namespace asylum::process {

/// A directory with /bin/busybox (static) and its applets as links, /etc/passwd, and empty
/// directories to mount on.
class BusyboxRoot {
 public:
  BusyboxRoot();
  const std::string& path() const { return path_; }
  /// The host path of something in it.
  std::string at(const std::string& path) const { return path_ + path; }
  const std::string& state() const { return directory_.path(); }
  int state_fd() const { return directory_.fd(); }

 private:
  sys::TemporaryDirectory directory_;
  std::string path_;
};

/// Whether this machine has what BusyboxRoot needs.
bool has_static_busybox();
bool has_time_namespaces();
/// By its release: what a newer kernel can do is no reason to skip when it does not.
bool kernel_is_at_least(int major, int minor);

/// What `asylum-runc spec` prints, as a plan, without terminal and cgroup mount; runs `script` with
/// sh -c.
plan::Plan default_plan(const BusyboxRoot& root, const std::string& script);

struct Outcome {
  std::string output;  // stdout and stderr of the program
  std::string error;   // the sentence of the Error, "" if none
  std::string hint;
  std::string pointer;
  std::vector<std::string> context;
  int exit_code = -1;  // 128 + signal for a killed one
};

struct Hooks {
  std::function<void(pid_t)> host_hooks;
  std::function<void(sys::Fd)> console;
  std::function<sys::Fd()> filter;
};

/// launch, commit, open the gate, wait for the end.
Outcome run_container(const BusyboxRoot& root, const plan::Plan& plan, const Hooks& hooks = {});

/// A mount like the planner makes it.
plan::Mount filesystem_mount(const std::string& type, const std::string& destination,
                             std::uint64_t attributes = 0);
plan::Mount bind_mount(const std::string& source, const std::string& destination,
                       bool recursive = false);

/// Runs `body` in a child with a private mount namespace, with `root` attached as the root; returns
/// the sentence of the Error it threw, or "". Expectations fail inside by throwing.
std::string in_root(const BusyboxRoot& root, const plan::Plan& plan,
                    const std::function<void(InitContext&)>& body);

/// For bodies of in_root: throws if `condition` is false.
void check(bool condition, const std::string& what);

}  // namespace asylum::process
