// SPDX-License-Identifier: Apache-2.0
// Where a mount goes: looked up in the root once, made if missing, refused inside procfs.
// Runs in: init, after clone, before pivot_root.
#pragma once

#include <string>

#include "runtime/plan/types/root.h"
#include "runtime/process/init/init.h"
#include "runtime/sys/fd.h"

namespace asylum::process {

struct Target {
  sys::Fd fd;            // O_PATH, in the root
  bool existed = false;  // before we came
  bool is_root = false;  // the root directory itself, by its own name or over a link
};

/// The directory to mount on, made if absent.
Target open_directory_target(InitContext& context, const plan::Mount& mount);
/// The same for proc and sysfs: a directory with no symbolic link on the way (CVE-2019-19921,
/// CVE-2023-27561). Throws ErrorKind::denied.
Target open_plain_target(InitContext& context, const plan::Mount& mount);
/// A directory or a file, as the source is.
Target open_target_like(InitContext& context, const plan::Mount& mount, bool directory);

/// Refuses a target inside procfs (but for the few files that lxcfs replaces), whatever path led
/// there: a fake /proc would defeat masks and labels (CVE-2019-16884). `brings_procfs`: the mount
/// itself is procfs and may cover a procfs root. Throws ErrorKind::denied.
void refuse_target_in_procfs(int target, const std::string& destination, bool brings_procfs);

}  // namespace asylum::process
