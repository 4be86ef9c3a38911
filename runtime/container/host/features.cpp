// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/host/features.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/base/text.h"
#include "runtime/plan/not_yet.h"
#include "runtime/seccomp/words.h"
#include "spec/names.h"

namespace asylum::container {
namespace {

/// Without a filter the kernel looks at the flag first: EFAULT means that it knows it, EINVAL that
/// it does not. Source: seccomp(2).
bool knows_flag(std::string_view word) {
  plan::Seccomp seccomp;
  seccomp.flags = {std::string(word)};
  // The one flag that this program never hands to the kernel, which has had it since 3.17.
  if (word == "SECCOMP_FILTER_FLAG_TSYNC") return true;
  unsigned flags = seccomp::load_flags(seccomp);
  // Linux 5.19 wants this one together with a listener.
  if (word == "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV") flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
  return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, nullptr) != 0 && errno == EFAULT;
}

spec::SeccompFeatures seccomp_features() {
  spec::SeccompFeatures out;
  out.enabled = true;
  for (const seccomp::Architecture& one : seccomp::architectures())
    out.archs.emplace_back(one.word);
  for (const auto& row : spec::words<spec::SeccompFlag>()) {
    if (knows_flag(row.word)) out.supported_flags.emplace_back(row.word);
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
