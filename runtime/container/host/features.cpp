// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/host/features.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/base/text.h"
#include "runtime/plan/not_yet.h"
#include "runtime/plan/types/seccomp.h"
#include "runtime/seccomp/words.h"
#include "spec/names.h"

namespace asylum::container {
namespace {

/// Without a filter the kernel looks at the flag first: EFAULT means that it knows it, EINVAL that
/// it does not. Source: seccomp(2).
bool knows_flag(SeccompFlag flag) {
  plan::Seccomp seccomp;
  seccomp.flags = {flag};
  // The one flag that this program never hands to the kernel, which has had it since 3.17.
  if (flag == SeccompFlag::tsync) return true;
  unsigned flags = seccomp::load_flags(seccomp);
  // Linux 5.19 wants this one together with a listener.
  if (flag == SeccompFlag::wait_killable_recv) flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
  return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, nullptr) != 0 && errno == EFAULT;
}

spec::SeccompFeatures seccomp_features() {
  spec::SeccompFeatures out;
  out.enabled = true;
  for (const seccomp::Architecture& one : seccomp::architectures())
    out.archs.emplace_back(word_of(one.arch));
  for (const auto& row : words<SeccompFlag>()) {
    if (knows_flag(row.value)) out.supported_flags.emplace_back(row.word);
  }
  return out;
}

}  // namespace

spec::Features features() {
  spec::Features out;
  out.seccomp = seccomp_features();
  out.systemd_cgroup = !plan::is_refused(plan::NotYet::systemd_manager);
  out.apparmor = !plan::is_refused(plan::NotYet::apparmor);
  out.selinux = !plan::is_refused(plan::NotYet::selinux_process);
  out.intel_rdt = !plan::is_refused(plan::NotYet::intel_rdt);
  out.idmapped_mounts = true;
  out.net_devices = !plan::is_refused(plan::NotYet::net_devices);
  out.memory_policy = true;
  out.annotations = {
      {"io.github.seccomp.libseccomp.version",  // linked statically: the header's is the library's
       cat(SCMP_VER_MAJOR, ".", SCMP_VER_MINOR, ".", SCMP_VER_MICRO)},
      {"org.opencontainers.runc.checkpoint.enabled", "false"},
  };
  return out;
}

}  // namespace asylum::container
