// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/seccomp_plan.h"

#include <string>
#include <utility>

#include "runtime/base/text.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

SeccompRule plan_rule(const spec::SyscallRule& asked, std::string pointer) {
  SeccompRule out;
  out.names = asked.names;
  out.action = asked.action;
  out.errno_ret = asked.errno_ret;
  for (const spec::SyscallArgument& one : asked.args) {
    out.args.push_back({one.index, one.value, one.value_two, one.op});
  }
  out.pointer = std::move(pointer);
  return out;
}

}  // namespace

std::optional<Seccomp> plan_seccomp(const spec::Spec& spec) {
  if (!spec.linux.seccomp) return std::nullopt;
  const spec::Seccomp& asked = *spec.linux.seccomp;
  Seccomp out;
  out.default_action = asked.default_action;
  out.default_errno_ret = asked.default_errno_ret;
  out.architectures = asked.architectures;
  // As runc: without a word about flags the filter costs no speculation barrier.
  out.flags = asked.flags.value_or(std::vector{SeccompFlag::spec_allow});
  for (std::size_t i = 0; i < asked.syscalls.size(); ++i) {
    out.rules.push_back(plan_rule(asked.syscalls[i], cat("/linux/seccomp/syscalls/", i)));
  }
  out.listener_path = asked.listener_path;
  out.listener_metadata = asked.listener_metadata;
  out.pointer = "/linux/seccomp";
  return out;
}

}  // namespace asylum::plan
