// SPDX-License-Identifier: Apache-2.0
// AppArmor profile and SELinux context for the next execve, written through the verified procfs
// (CVE-2019-16884).
#pragma once

#include <string>

#include "runtime/sys/procfs.h"

namespace asylum::sys {

/// "exec PROFILE" into attr/apparmor/exec (attr/exec where that is absent). Throws.
void set_apparmor_exec_profile(const Procfs& procfs, const std::string& profile);
/// attr/exec. Throws.
void set_selinux_exec_label(const Procfs& procfs, const std::string& label);
/// attr/keycreate: the label of keyrings made from now on; "" resets. Throws.
void set_selinux_keyring_label(const Procfs& procfs, const std::string& label);

}  // namespace asylum::sys
