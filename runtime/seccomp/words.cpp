// SPDX-License-Identifier: Apache-2.0
#include "runtime/seccomp/words.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>

#include <algorithm>
#include <array>
#include <utility>

#include "runtime/seccomp/new_syscalls.h"

namespace asylum::seccomp {
namespace {

constexpr std::array kArchitectures{
    Architecture{"SCMP_ARCH_X86", SCMP_ARCH_X86, AUDIT_ARCH_I386, column::x86},
    Architecture{"SCMP_ARCH_X86_64", SCMP_ARCH_X86_64, AUDIT_ARCH_X86_64, column::x86_64},
    Architecture{"SCMP_ARCH_X32", SCMP_ARCH_X32, AUDIT_ARCH_X86_64, column::x32},
    Architecture{"SCMP_ARCH_ARM", SCMP_ARCH_ARM, AUDIT_ARCH_ARM, column::generic},
    Architecture{"SCMP_ARCH_AARCH64", SCMP_ARCH_AARCH64, AUDIT_ARCH_AARCH64, column::generic},
    Architecture{"SCMP_ARCH_MIPS", SCMP_ARCH_MIPS, AUDIT_ARCH_MIPS, kNoColumn},
    Architecture{"SCMP_ARCH_MIPS64", SCMP_ARCH_MIPS64, AUDIT_ARCH_MIPS64, kNoColumn},
    Architecture{"SCMP_ARCH_MIPS64N32", SCMP_ARCH_MIPS64N32, SCMP_ARCH_MIPS64N32, kNoColumn},
    Architecture{"SCMP_ARCH_MIPSEL", SCMP_ARCH_MIPSEL, AUDIT_ARCH_MIPSEL, kNoColumn},
    Architecture{"SCMP_ARCH_MIPSEL64", SCMP_ARCH_MIPSEL64, AUDIT_ARCH_MIPSEL64, kNoColumn},
    Architecture{"SCMP_ARCH_MIPSEL64N32", SCMP_ARCH_MIPSEL64N32, SCMP_ARCH_MIPSEL64N32, kNoColumn},
    Architecture{"SCMP_ARCH_PPC", SCMP_ARCH_PPC, AUDIT_ARCH_PPC, column::generic},
    Architecture{"SCMP_ARCH_PPC64", SCMP_ARCH_PPC64, AUDIT_ARCH_PPC64, column::generic},
    Architecture{"SCMP_ARCH_PPC64LE", SCMP_ARCH_PPC64LE, SCMP_ARCH_PPC64LE, column::generic},
    Architecture{"SCMP_ARCH_S390", SCMP_ARCH_S390, AUDIT_ARCH_S390, column::generic},
    Architecture{"SCMP_ARCH_S390X", SCMP_ARCH_S390X, AUDIT_ARCH_S390X, column::generic},
    Architecture{"SCMP_ARCH_PARISC", SCMP_ARCH_PARISC, AUDIT_ARCH_PARISC, column::generic},
    Architecture{"SCMP_ARCH_PARISC64", SCMP_ARCH_PARISC64, AUDIT_ARCH_PARISC64, column::generic},
    Architecture{"SCMP_ARCH_RISCV64", SCMP_ARCH_RISCV64, AUDIT_ARCH_RISCV64, column::generic},
};

constexpr std::array kActions{
    std::pair<std::string_view, std::uint32_t>{"SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD},
    std::pair<std::string_view, std::uint32_t>{"SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD},
    std::pair<std::string_view, std::uint32_t>{"SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS},
    std::pair<std::string_view, std::uint32_t>{"SCMP_ACT_TRAP", SECCOMP_RET_TRAP},
    std::pair<std::string_view, std::uint32_t>{"SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO},
    std::pair<std::string_view, std::uint32_t>{"SCMP_ACT_TRACE", SECCOMP_RET_TRACE},
    std::pair<std::string_view, std::uint32_t>{"SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW},
    std::pair<std::string_view, std::uint32_t>{"SCMP_ACT_LOG", SECCOMP_RET_LOG},
    std::pair<std::string_view, std::uint32_t>{"SCMP_ACT_NOTIFY", SECCOMP_RET_USER_NOTIF},
};

constexpr std::array kCompares{
    std::pair<std::string_view, int>{"SCMP_CMP_NE", SCMP_CMP_NE},
    std::pair<std::string_view, int>{"SCMP_CMP_LT", SCMP_CMP_LT},
    std::pair<std::string_view, int>{"SCMP_CMP_LE", SCMP_CMP_LE},
    std::pair<std::string_view, int>{"SCMP_CMP_EQ", SCMP_CMP_EQ},
    std::pair<std::string_view, int>{"SCMP_CMP_GE", SCMP_CMP_GE},
    std::pair<std::string_view, int>{"SCMP_CMP_GT", SCMP_CMP_GT},
    std::pair<std::string_view, int>{"SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ},
};

constexpr std::array kFlags{
    std::pair<std::string_view, std::uint32_t>{"SECCOMP_FILTER_FLAG_TSYNC", 0},
    std::pair<std::string_view, std::uint32_t>{"SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG},
    std::pair<std::string_view, std::uint32_t>{"SECCOMP_FILTER_FLAG_SPEC_ALLOW",
                                               SECCOMP_FILTER_FLAG_SPEC_ALLOW},
    // Linux 5.19; the kernel refuses it (EINVAL) below, and without a listener.
    std::pair<std::string_view, std::uint32_t>{"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 1U << 5},
};

template <typename Table>
auto look_up(const Table& table, std::string_view word)
    -> std::optional<typename Table::value_type::second_type> {
  for (const auto& [name, value] : table) {
    if (name == word) return value;
  }
  return std::nullopt;
}

}  // namespace

std::span<const Architecture> architectures() {
  return kArchitectures;
}

const Architecture* find_architecture(std::string_view word) {
  const auto* found = std::find_if(kArchitectures.begin(), kArchitectures.end(),
                                   [word](const Architecture& a) { return a.word == word; });
  return found == kArchitectures.end() ? nullptr : found;
}

const Architecture& native_architecture() {
  const std::uint32_t native = ::seccomp_arch_native();
  for (const Architecture& architecture : kArchitectures) {
    if (architecture.token == native) return architecture;
  }
  return kArchitectures[1];  // unreachable on the architectures we build for
}

std::optional<std::uint32_t> action_value(std::string_view word,
                                          std::optional<std::uint32_t> errno_ret) {
  const auto action = look_up(kActions, word);
  if (!action) return std::nullopt;
  if (*action != SECCOMP_RET_ERRNO && *action != SECCOMP_RET_TRACE) return action;
  return *action | (errno_ret.value_or(EPERM) & SECCOMP_RET_DATA);
}

std::optional<int> compare_value(std::string_view word) {
  return look_up(kCompares, word);
}

bool uses_notify(const plan::Seccomp& seccomp) {
  return std::any_of(seccomp.rules.begin(), seccomp.rules.end(), [](const plan::SeccompRule& rule) {
    return rule.action == "SCMP_ACT_NOTIFY";
  });
}

bool is_enosys_wanted(const plan::Seccomp& seccomp, std::uint32_t default_action) {
  const std::uint32_t kind = default_action & SECCOMP_RET_ACTION_FULL;
  return kind != SECCOMP_RET_ALLOW && kind != SECCOMP_RET_LOG && kind != SECCOMP_RET_TRACE &&
         default_action != (SECCOMP_RET_ERRNO | ENOSYS) && !seccomp.rules.empty();
}

std::uint32_t load_flags(const plan::Seccomp& seccomp) {
  std::uint32_t flags = uses_notify(seccomp) ? SECCOMP_FILTER_FLAG_NEW_LISTENER : 0;
  for (const std::string& word : seccomp.flags) flags |= look_up(kFlags, word).value_or(0);
  return flags;
}

}  // namespace asylum::seccomp
