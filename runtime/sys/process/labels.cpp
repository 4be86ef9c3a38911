// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/process/labels.h"

#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"

namespace asylum::sys {

void set_apparmor_exec_profile(const Procfs& procfs, const std::string& profile) {
  const std::string command = cat("exec ", profile);
  std::optional<int> failed = procfs.try_write("thread-self/attr/apparmor/exec", command);
  // Without its own directory (before 5.8, or a proc that hides it) the shared file speaks to
  // AppArmor.
  if (failed == ENOENT) failed = procfs.try_write("thread-self/attr/exec", command);
  if (!failed) return;
  throw_os("write", *failed, cat("set AppArmor profile ", quote(profile)),
           *failed == ENOENT ? "load the profile first: apparmor_parser -r FILE" : "");
}

void set_selinux_exec_label(const Procfs& procfs, const std::string& label) {
  const std::optional<int> failed = procfs.try_write("thread-self/attr/exec", label);
  if (!failed) return;
  throw_os("write", *failed, cat("set SELinux label ", quote(label)),
           *failed == EINVAL ? "the loaded policy has no such label" : "");
}

void set_selinux_keyring_label(const Procfs& procfs, const std::string& label) {
  const std::optional<int> failed = procfs.try_write("thread-self/attr/keycreate", label);
  if (failed) throw_os("write", *failed, cat("set SELinux keyring label ", quote(label)));
}

}  // namespace asylum::sys
