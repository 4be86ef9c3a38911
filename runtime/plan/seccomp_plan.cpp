// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/seccomp_plan.h"

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

}  // namespace

void plan_seccomp(const spec::Spec& spec, Plan& plan) {
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
  plan.seccomp = std::move(out);
}

}  // namespace asylum::plan
