// SPDX-License-Identifier: Apache-2.0
#include "runtime/seccomp/verdict.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>

#include <algorithm>
#include <optional>

#include "runtime/base/text.h"
#include "runtime/plan/types/seccomp.h"
#include "runtime/seccomp/new_syscalls.h"
#include "runtime/seccomp/words.h"

namespace asylum::seccomp {
namespace {

std::optional<int> native_number(const std::string& name) {
  const int number = ::seccomp_syscall_resolve_name(name.c_str());
  if (number >= 0) return number;
  const std::uint8_t column = native_architecture().table_column;
  if (column == kNoColumn) return std::nullopt;
  for (const NewSyscall& row : new_syscalls()) {
    if (row.name == name && row.numbers[column] >= 0) return row.numbers[column];
  }
  return std::nullopt;
}

bool names(const plan::SeccompRule& rule, std::string_view call) {
  return std::find(rule.names.begin(), rule.names.end(), call) != rule.names.end();
}

bool is_above_all_named(const plan::Seccomp& seccomp, std::string_view call) {
  const auto number = native_number(std::string(call));
  if (!number) return false;
  for (const plan::SeccompRule& rule : seccomp.rules) {
    for (const std::string& name : rule.names) {
      if (native_number(name).value_or(-1) >= *number) return false;
    }
  }
  return true;
}

Verdict default_verdict(const plan::Seccomp& seccomp, std::string_view call) {
  const std::uint32_t action = action_value(seccomp.default_action, seccomp.default_errno_ret);
  const bool is_newer = is_enosys_wanted(seccomp, action) && is_above_all_named(seccomp, call);
  return {is_newer ? SECCOMP_RET_ERRNO | ENOSYS : action, cat(seccomp.pointer, "/defaultAction")};
}

}  // namespace

std::vector<Verdict> verdicts_on(const plan::Seccomp& seccomp, std::string_view call) {
  const Verdict fallback = default_verdict(seccomp, call);
  std::vector<Verdict> verdicts;
  for (const plan::SeccompRule& rule : seccomp.rules) {
    if (!names(rule, call)) continue;
    const std::uint32_t action = action_value(rule.action, rule.errno_ret);
    // compile() leaves a rule out that says what the default action says.
    if (action == fallback.action) continue;
    // libseccomp: without conditions it wins over all with them, and the first over a second.
    if (rule.args.empty()) return {{action, rule.pointer}};
    verdicts.push_back({action, rule.pointer, true});
  }
  verdicts.push_back(fallback);
  return verdicts;
}

bool is_deadly(const Verdict& verdict) {
  switch (verdict.action & SECCOMP_RET_ACTION_FULL) {
    case SECCOMP_RET_KILL_PROCESS:
    case SECCOMP_RET_KILL_THREAD:
    case SECCOMP_RET_TRAP:  // SIGSYS, whose default is death
      return true;
    default:
      return false;
  }
}

}  // namespace asylum::seccomp
