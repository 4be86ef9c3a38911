// SPDX-License-Identifier: Apache-2.0
// Names, sysctls, scheduling: what the kernel knows about the container or its first process.
// Runs in: init, after pivot_root, still as root.
#include <sys/stat.h>

#include <algorithm>
#include <string>

#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/namespaces.h"
#include "runtime/plan/types/process.h"
#include "runtime/process/both/limits.h"
#include "runtime/process/both/scheduling.h"
#include "runtime/process/init/steps.h"
#include "runtime/sys/process/namespaces.h"
#include "runtime/sys/process/tuning.h"

namespace asylum::process {
namespace {

/// "net.ipv4.ip_forward" → "sys/net/ipv4/ip_forward". Whichever of '.' and '/' comes first is the
/// separator and the other stands for itself: "net/ipv4/conf/eth0.1/x". Source: sysctl(8).
std::string sysctl_path(std::string name) {
  const std::size_t first = name.find_first_of("./");
  if (first != std::string::npos && name[first] == '.') {
    for (char& c : name) c = c == '.' ? '/' : c == '/' ? '.' : c;
  }
  return "sys/" + name;
}

}  // namespace

void write_sysctls(InitContext& context) {
  for (const plan::Sysctl& sysctl : context.spaces.sysctls) {
    Step step(cat("set the sysctl ", sysctl.name), sysctl.pointer);
    opened_procfs(context).write(sysctl_path(sysctl.name), sysctl.value);
  }
}

void set_hostname(InitContext& context) {
  sys::set_hostname(*context.spaces.hostname);
}

void set_domainname(InitContext& context) {
  sys::set_domainname(*context.spaces.domainname);
}

void reset_affinity(InitContext&) {
  sys::reset_affinity();
}

void set_scheduler(InitContext& context) {
  const plan::Scheduler& wanted = *context.process.scheduler;
  // A bridge's child would not inherit it: main sets it then.
  if (context.is_bridge && !survives_fork(wanted)) return;
  set_scheduler(0, wanted);
}

void set_io_priority(InitContext& context) {
  const plan::IoPriority& wanted = *context.process.io_priority;
  sys::set_io_priority(wanted.io_class, wanted.level);
}

void set_memory_policy(InitContext& context) {
  const plan::MemoryPolicy& wanted = *context.process.memory_policy;
  sys::set_memory_policy(wanted.mode_and_flags, wanted.nodes);
}

void set_personality(InitContext& context) {
  sys::set_personality(*context.process.personality);
}

void set_limits(InitContext& context) {
  set_limits(context.process.limits, /*counting=*/false);
}

void set_counting_limits(InitContext& context) {
  set_limits(context.process.limits, /*counting=*/true);
}

void set_umask(InitContext& context) {
  ::umask(context.process.umask);
}

}  // namespace asylum::process
