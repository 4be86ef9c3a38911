// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/commands/settings.h"

#include <stdlib.h>

#include <memory>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/container/host/bundle.h"
#include "runtime/container/state/settings.h"

namespace asylum::cli {
namespace {

// delete removes directories below the root: "/" itself can only be a mistake.
void refuse_file_system_root(const std::string& root) {
  const std::unique_ptr<char, decltype(&::free)> real(::realpath(root.c_str(), nullptr), &::free);
  if (root != "/" && (real == nullptr || std::string_view(real.get()) != "/")) return;
  throw Error(ErrorKind::invalid_usage,
              cat("--root ", quote(root), " is the root of the file system"));
}

}  // namespace

std::optional<bool> rootless_of(const GlobalOptions& options) {
  switch (options.rootless) {
    case Rootless::automatic:
      return std::nullopt;
    case Rootless::yes:
      return true;
    case Rootless::no:
      return false;
  }
  return std::nullopt;
}

container::Settings settings_from(const GlobalOptions& options) {
  if (options.systemd_cgroup || options.cgroup_manager == CgroupManager::systemd) {
    throw Error(ErrorKind::unsupported,
                cat(options.systemd_cgroup ? "--systemd-cgroup" : "--cgroup-manager systemd",
                    ": cgroups made by systemd are not supported yet"))
        .with_hint("leave it out: this program then makes the cgroup itself");
  }
  container::Settings settings;
  settings.root_given = options.root_given;
  settings.root =
      options.root_given ? container::absolute_path(options.root) : container::default_root();
  settings.cgroup_manager = options.cgroup_manager;
  settings.rootless = rootless_of(options);
  if (options.root_given) refuse_file_system_root(settings.root);
  return settings;
}

}  // namespace asylum::cli
