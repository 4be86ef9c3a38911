// SPDX-License-Identifier: Apache-2.0
#include "runtime/seccomp/words.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>

#include <algorithm>
#include <array>

#include "runtime/plan/types/seccomp.h"
#include "runtime/seccomp/new_syscalls.h"

namespace asylum::seccomp {
namespace {

constexpr std::array kArchitectures{
    Architecture{SeccompArch::x86, SCMP_ARCH_X86, AUDIT_ARCH_I386, column::x86},
    Architecture{SeccompArch::x86_64, SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, column::x86_64},
    Architecture{SeccompArch::x32, SCMP_ARCH_X32, AUDIT_ARCH_X86_64, column::x32},
    Architecture{SeccompArch::arm, SCMP_ARCH_ARM, AUDIT_ARCH_ARM, column::generic},
    Architecture{SeccompArch::aarch64, SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64, column::generic},
    Architecture{SeccompArch::mips, SCMP_ARCH_MIPS, AUDIT_ARCH_MIPS, kNoColumn},
    Architecture{SeccompArch::mips64, SCMP_ARCH_MIPS64, AUDIT_ARCH_MIPS64, kNoColumn},
    Architecture{SeccompArch::mips64n32, SCMP_ARCH_MIPS64N32, SCMP_ARCH_MIPS64N32, kNoColumn},
    Architecture{SeccompArch::mipsel, SCMP_ARCH_MIPSEL, AUDIT_ARCH_MIPSEL, kNoColumn},
    Architecture{SeccompArch::mipsel64, SCMP_ARCH_MIPSEL64, AUDIT_ARCH_MIPSEL64, kNoColumn},
    Architecture{SeccompArch::mipsel64n32, SCMP_ARCH_MIPSEL64N32, SCMP_ARCH_MIPSEL64N32, kNoColumn},
    Architecture{SeccompArch::ppc, SCMP_ARCH_PPC, AUDIT_ARCH_PPC, column::generic},
    Architecture{SeccompArch::ppc64, SCMP_ARCH_PPC64, AUDIT_ARCH_PPC64, column::generic},
    Architecture{SeccompArch::ppc64le, SCMP_ARCH_PPC64LE, SCMP_ARCH_PPC64LE, column::generic},
    Architecture{SeccompArch::s390, SCMP_ARCH_S390, AUDIT_ARCH_S390, column::generic},
    Architecture{SeccompArch::s390x, SCMP_ARCH_S390X, AUDIT_ARCH_S390X, column::generic},
    Architecture{SeccompArch::parisc, SCMP_ARCH_PARISC, AUDIT_ARCH_PARISC, column::generic},
    Architecture{SeccompArch::parisc64, SCMP_ARCH_PARISC64, AUDIT_ARCH_PARISC64, column::generic},
    Architecture{SeccompArch::riscv64, SCMP_ARCH_RISCV64, AUDIT_ARCH_RISCV64, column::generic},
};

std::uint32_t kind_of(SeccompAction action) {
  switch (action) {
    case SeccompAction::kill_thread:
      return SECCOMP_RET_KILL_THREAD;
    case SeccompAction::kill_process:
      return SECCOMP_RET_KILL_PROCESS;
    case SeccompAction::trap:
      return SECCOMP_RET_TRAP;
    case SeccompAction::errno_:
      return SECCOMP_RET_ERRNO;
    case SeccompAction::trace:
      return SECCOMP_RET_TRACE;
    case SeccompAction::allow:
      return SECCOMP_RET_ALLOW;
    case SeccompAction::log:
      return SECCOMP_RET_LOG;
    case SeccompAction::notify:
      return SECCOMP_RET_USER_NOTIF;
  }
  return SECCOMP_RET_KILL_PROCESS;
}

std::uint32_t load_flag(SeccompFlag flag) {
  switch (flag) {
    case SeccompFlag::tsync:
      return 0;
    case SeccompFlag::log:
      return SECCOMP_FILTER_FLAG_LOG;
    case SeccompFlag::spec_allow:
      return SECCOMP_FILTER_FLAG_SPEC_ALLOW;
    case SeccompFlag::wait_killable_recv:
      return 1U << 5;  // Linux 5.19; the kernel refuses it (EINVAL) below, and without a listener
  }
  return 0;
}

}  // namespace

std::span<const Architecture> architectures() {
  return kArchitectures;
}

const Architecture* find_architecture(SeccompArch arch) {
  const auto* found = std::find_if(kArchitectures.begin(), kArchitectures.end(),
                                   [arch](const Architecture& a) { return a.arch == arch; });
  return found == kArchitectures.end() ? nullptr : found;
}

const Architecture& native_architecture() {
  const std::uint32_t native = ::seccomp_arch_native();
  for (const Architecture& architecture : kArchitectures) {
    if (architecture.token == native) return architecture;
  }
  return kArchitectures[1];  // unreachable on the architectures we build for
}

std::uint32_t action_value(SeccompAction action, std::optional<std::uint32_t> errno_ret) {
  const std::uint32_t kind = kind_of(action);
  if (kind != SECCOMP_RET_ERRNO && kind != SECCOMP_RET_TRACE) return kind;
  return kind | (errno_ret.value_or(EPERM) & SECCOMP_RET_DATA);
}

int compare_value(SeccompOperator op) {
  switch (op) {
    case SeccompOperator::not_equal:
      return SCMP_CMP_NE;
    case SeccompOperator::less:
      return SCMP_CMP_LT;
    case SeccompOperator::less_or_equal:
      return SCMP_CMP_LE;
    case SeccompOperator::equal:
      return SCMP_CMP_EQ;
    case SeccompOperator::greater_or_equal:
      return SCMP_CMP_GE;
    case SeccompOperator::greater:
      return SCMP_CMP_GT;
    case SeccompOperator::masked_equal:
      return SCMP_CMP_MASKED_EQ;
  }
  return SCMP_CMP_EQ;
}

bool uses_notify(const plan::Seccomp& seccomp) {
  return std::any_of(seccomp.rules.begin(), seccomp.rules.end(), [](const plan::SeccompRule& rule) {
    return rule.action == SeccompAction::notify;
  });
}

bool is_enosys_wanted(const plan::Seccomp& seccomp, std::uint32_t default_action) {
  const std::uint32_t kind = default_action & SECCOMP_RET_ACTION_FULL;
  return kind != SECCOMP_RET_ALLOW && kind != SECCOMP_RET_LOG && kind != SECCOMP_RET_TRACE &&
         default_action != (SECCOMP_RET_ERRNO | ENOSYS) && !seccomp.rules.empty();
}

std::uint32_t load_flags(const plan::Seccomp& seccomp) {
  std::uint32_t flags = uses_notify(seccomp) ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
  for (const SeccompFlag flag : seccomp.flags) flags |= load_flag(flag);
  return flags;
}

}  // namespace asylum::seccomp
