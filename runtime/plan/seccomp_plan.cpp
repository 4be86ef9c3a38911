// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/seccomp_plan.h"

#include <algorithm>
#include <string>
#include <utility>

#include "runtime/base/text.h"
#include "spec/names.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

SeccompRule plan_rule(const spec::SyscallRule& asked, std::string pointer) {
  SeccompRule out;
  out.names = asked.names;
  out.action = spec::word_of(asked.action);
  out.errno_ret = asked.errno_ret;
  for (const spec::SyscallArgument& one : asked.args) {
    out.args.push_back({one.index, one.value, one.value_two, std::string(spec::word_of(one.op))});
  }
  out.pointer = std::move(pointer);
  return out;
}

/// The descriptor of the listener is sent with write(2), so neither may wait for its own
/// supervisor.
void check_notify(const spec::Seccomp& asked, Findings& findings) {
  bool notifies = false;
  if (asked.default_action == spec::SeccompAction::notify) {
    findings.error("/linux/seccomp/defaultAction",
                   "SCMP_ACT_NOTIFY cannot be the default: the start itself would wait for the "
                   "supervisor",
                   "", ErrorKind::denied);
  }
  for (std::size_t i = 0; i < asked.syscalls.size(); ++i) {
    const spec::SyscallRule& rule = asked.syscalls[i];
    if (rule.action != spec::SeccompAction::notify) continue;
    notifies = true;
    const auto found = std::find(rule.names.begin(), rule.names.end(), "write");
    if (found == rule.names.end()) continue;
    findings.error(cat("/linux/seccomp/syscalls/", i, "/names/", found - rule.names.begin()),
                   "SCMP_ACT_NOTIFY cannot be used for write: the start itself needs it", "",
                   ErrorKind::denied);
  }
  if (notifies && asked.listener_path.empty()) {
    findings.error("/linux/seccomp", "SCMP_ACT_NOTIFY needs a listenerPath");
  }
}

}  // namespace

void plan_seccomp(const spec::Spec& spec, Plan& plan, Findings& findings) {
  if (!spec.linux.seccomp) return;
  const spec::Seccomp& asked = *spec.linux.seccomp;
  Seccomp out;
  out.default_action = spec::word_of(asked.default_action);
  out.default_errno_ret = asked.default_errno_ret;
  for (const spec::SeccompArch one : asked.architectures) {
    out.architectures.emplace_back(spec::word_of(one));
  }
  if (asked.flags) {
    for (const spec::SeccompFlag one : *asked.flags) out.flags.emplace_back(spec::word_of(one));
  } else {
    // As runc: without a word about flags the filter costs no speculation barrier.
    out.flags.emplace_back(spec::word_of(spec::SeccompFlag::spec_allow));
  }
  for (std::size_t i = 0; i < asked.syscalls.size(); ++i) {
    out.rules.push_back(plan_rule(asked.syscalls[i], cat("/linux/seccomp/syscalls/", i)));
  }
  out.listener_path = asked.listener_path;
  out.listener_metadata = asked.listener_metadata;
  out.pointer = "/linux/seccomp";
  check_notify(asked, findings);
  plan.seccomp = std::move(out);
}

}  // namespace asylum::plan
