// SPDX-License-Identifier: Apache-2.0
// Rules of `linux.seccomp`. Whether a system call's name is known is the compiler's to say
// (runtime/seccomp).
#include <algorithm>

#include "runtime/base/text.h"
#include "spec/check/validate.h"
#include "spec/names.h"

namespace asylum::spec {
namespace {

constexpr std::uint32_t kArguments = 6;
constexpr std::uint32_t kHighestErrno = 4095;   // MAX_ERRNO
constexpr std::uint32_t kHighestTrace = 65535;  // SECCOMP_RET_DATA

constexpr std::string_view kReceiverAnnotation = "run.oci.seccomp.receiver";

bool has_receiver(const Spec& spec) {
  return !spec.linux.seccomp->listener_path.empty() ||
         std::any_of(spec.annotations.begin(), spec.annotations.end(),
                     [](const KeyValue& one) { return one.key == kReceiverAnnotation; });
}

template <typename Rule>
void for_each_rule(const Spec& spec, const Rule& rule) {
  if (!spec.linux.seccomp) return;
  const auto& rules = spec.linux.seccomp->syscalls;
  for (std::size_t i = 0; i < rules.size(); ++i) rule(rules[i], cat("/linux/seccomp/syscalls/", i));
}

void metadata_has_a_listener(const Spec& spec, const Report& report) {
  if (!spec.linux.seccomp) return;
  if (!spec.linux.seccomp->listener_metadata.empty() && spec.linux.seccomp->listener_path.empty()) {
    report.error("/linux/seccomp/listenerMetadata", "needs the key \"listenerPath\"");
  }
}

// write(2) is how init tells main that it reached the program: a supervised write would wait for a
// listener that main has yet to hand on. As a default action NOTIFY would hit it as well.
void notify_spares_our_own_calls(const Spec& spec, const Report& report) {
  if (!spec.linux.seccomp) return;
  if (spec.linux.seccomp->default_action == SeccompAction::notify) {
    report.error("/linux/seccomp/defaultAction", "SCMP_ACT_NOTIFY cannot be the default action");
  }
  for_each_rule(spec, [&](const SyscallRule& rule, const std::string& pointer) {
    const auto found = std::find(rule.names.begin(), rule.names.end(), "write");
    if (rule.action == SeccompAction::notify && found != rule.names.end()) {
      report.error(cat(pointer, "/names/", found - rule.names.begin()),
                   "SCMP_ACT_NOTIFY cannot be used for write");
    }
  });
}

void notify_has_a_listener(const Spec& spec, const Report& report) {
  for_each_rule(spec, [&](const SyscallRule& rule, const std::string& pointer) {
    if (rule.action == SeccompAction::notify && !has_receiver(spec)) {
      report.error(cat(pointer, "/action"), "SCMP_ACT_NOTIFY needs the key \"listenerPath\"");
    }
  });
}

void check_errno(SeccompAction action, const std::optional<std::uint32_t>& number,
                 const std::string& pointer, const Report& report) {
  if (!number) return;
  if (action != SeccompAction::errno_ && action != SeccompAction::trace) {
    return report.error(
        pointer,
        cat("is for SCMP_ACT_ERRNO and SCMP_ACT_TRACE only, the action is ", word_of(action)));
  }
  const std::uint32_t highest = action == SeccompAction::errno_ ? kHighestErrno : kHighestTrace;
  if (*number > highest)
    report.error(pointer, cat("must be between 0 and ", highest, ", found ", *number));
}

void errno_fits_the_action(const Spec& spec, const Report& report) {
  if (!spec.linux.seccomp) return;
  check_errno(spec.linux.seccomp->default_action, spec.linux.seccomp->default_errno_ret,
              "/linux/seccomp/defaultErrnoRet", report);
  for_each_rule(spec, [&](const SyscallRule& rule, const std::string& pointer) {
    check_errno(rule.action, rule.errno_ret, cat(pointer, "/errnoRet"), report);
  });
}

void rules_have_names(const Spec& spec, const Report& report) {
  for_each_rule(spec, [&](const SyscallRule& rule, const std::string& pointer) {
    if (rule.names.empty())
      report.error(cat(pointer, "/names"), "must name a system call, it is empty");
    for (std::size_t i = 0; i < rule.names.size(); ++i) {
      if (rule.names[i].empty()) report.error(cat(pointer, "/names/", i), "must not be empty");
    }
  });
}

void argument_indices_exist(const Spec& spec, const Report& report) {
  for_each_rule(spec, [&](const SyscallRule& rule, const std::string& pointer) {
    for (std::size_t i = 0; i < rule.args.size(); ++i) {
      if (rule.args[i].index >= kArguments) {
        report.error(cat(pointer, "/args/", i, "/index"),
                     cat("must be between 0 and ", kArguments - 1, ", found ", rule.args[i].index));
      }
    }
  });
}

constexpr Check<Spec> kChecks[] = {
    {"seccomp.metadata_has_a_listener", metadata_has_a_listener},
    {"seccomp.notify_spares_our_own_calls", notify_spares_our_own_calls},
    {"seccomp.notify_has_a_listener", notify_has_a_listener},
    {"seccomp.errno_fits_the_action", errno_fits_the_action},
    {"seccomp.rules_have_names", rules_have_names},
    {"seccomp.argument_indices_exist", argument_indices_exist},
};

}  // namespace

std::span<const Check<Spec>> seccomp_checks() {
  return kChecks;
}

}  // namespace asylum::spec
