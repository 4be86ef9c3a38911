// SPDX-License-Identifier: Apache-2.0
#include "runtime/base/oci_words.h"

namespace asylum {
namespace {

constexpr Named<NamespaceType> kNamespaces[] = {
    {"pid", NamespaceType::pid},       {"network", NamespaceType::network},
    {"mount", NamespaceType::mount},   {"ipc", NamespaceType::ipc},
    {"uts", NamespaceType::uts},       {"user", NamespaceType::user},
    {"cgroup", NamespaceType::cgroup}, {"time", NamespaceType::time},
};

// Engines write the recursive words too, although the schema lists only the plain ones.
constexpr Named<PropagationChange> kPropagations[] = {
    {"private", {Propagation::private_, false}},
    {"rprivate", {Propagation::private_, true}},
    {"shared", {Propagation::shared, false}},
    {"rshared", {Propagation::shared, true}},
    {"slave", {Propagation::slave, false}},
    {"rslave", {Propagation::slave, true}},
    {"unbindable", {Propagation::unbindable, false}},
    {"runbindable", {Propagation::unbindable, true}},
};

constexpr Named<SeccompAction> kSeccompActions[] = {
    {"SCMP_ACT_KILL", SeccompAction::kill_thread},
    {"SCMP_ACT_KILL_THREAD", SeccompAction::kill_thread},
    {"SCMP_ACT_KILL_PROCESS", SeccompAction::kill_process},
    {"SCMP_ACT_TRAP", SeccompAction::trap},
    {"SCMP_ACT_ERRNO", SeccompAction::errno_},
    {"SCMP_ACT_TRACE", SeccompAction::trace},
    {"SCMP_ACT_ALLOW", SeccompAction::allow},
    {"SCMP_ACT_LOG", SeccompAction::log},
    {"SCMP_ACT_NOTIFY", SeccompAction::notify},
};

constexpr Named<SeccompFlag> kSeccompFlags[] = {
    {"SECCOMP_FILTER_FLAG_TSYNC", SeccompFlag::tsync},
    {"SECCOMP_FILTER_FLAG_LOG", SeccompFlag::log},
    {"SECCOMP_FILTER_FLAG_SPEC_ALLOW", SeccompFlag::spec_allow},
    {"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SeccompFlag::wait_killable_recv},
};

constexpr Named<SeccompOperator> kSeccompOperators[] = {
    {"SCMP_CMP_NE", SeccompOperator::not_equal},
    {"SCMP_CMP_LT", SeccompOperator::less},
    {"SCMP_CMP_LE", SeccompOperator::less_or_equal},
    {"SCMP_CMP_EQ", SeccompOperator::equal},
    {"SCMP_CMP_GE", SeccompOperator::greater_or_equal},
    {"SCMP_CMP_GT", SeccompOperator::greater},
    {"SCMP_CMP_MASKED_EQ", SeccompOperator::masked_equal},
};

constexpr Named<SeccompArch> kSeccompArchitectures[] = {
    {"SCMP_ARCH_X86", SeccompArch::x86},
    {"SCMP_ARCH_X86_64", SeccompArch::x86_64},
    {"SCMP_ARCH_X32", SeccompArch::x32},
    {"SCMP_ARCH_ARM", SeccompArch::arm},
    {"SCMP_ARCH_AARCH64", SeccompArch::aarch64},
    {"SCMP_ARCH_LOONGARCH64", SeccompArch::loongarch64},
    {"SCMP_ARCH_M68K", SeccompArch::m68k},
    {"SCMP_ARCH_MIPS", SeccompArch::mips},
    {"SCMP_ARCH_MIPS64", SeccompArch::mips64},
    {"SCMP_ARCH_MIPS64N32", SeccompArch::mips64n32},
    {"SCMP_ARCH_MIPSEL", SeccompArch::mipsel},
    {"SCMP_ARCH_MIPSEL64", SeccompArch::mipsel64},
    {"SCMP_ARCH_MIPSEL64N32", SeccompArch::mipsel64n32},
    {"SCMP_ARCH_PPC", SeccompArch::ppc},
    {"SCMP_ARCH_PPC64", SeccompArch::ppc64},
    {"SCMP_ARCH_PPC64LE", SeccompArch::ppc64le},
    {"SCMP_ARCH_S390", SeccompArch::s390},
    {"SCMP_ARCH_S390X", SeccompArch::s390x},
    {"SCMP_ARCH_SH", SeccompArch::sh},
    {"SCMP_ARCH_SHEB", SeccompArch::sheb},
    {"SCMP_ARCH_PARISC", SeccompArch::parisc},
    {"SCMP_ARCH_PARISC64", SeccompArch::parisc64},
    {"SCMP_ARCH_RISCV64", SeccompArch::riscv64},
};

constexpr Named<HookStage> kStages[] = {
    {"prestart", HookStage::prestart},
    {"createRuntime", HookStage::create_runtime},
    {"createContainer", HookStage::create_container},
    {"startContainer", HookStage::start_container},
    {"poststart", HookStage::poststart},
    {"poststop", HookStage::poststop},
};

constexpr Named<CgroupManager> kManagers[] = {
    {"cgroupfs", CgroupManager::cgroupfs},
    {"systemd", CgroupManager::systemd},
    {"disabled", CgroupManager::disabled},
};

}  // namespace

// clang-format off
template <> std::span<const Named<NamespaceType>> words<NamespaceType>() { return kNamespaces; }
template <> std::span<const Named<PropagationChange>> words<PropagationChange>() { return kPropagations; }
template <> std::span<const Named<SeccompAction>> words<SeccompAction>() { return kSeccompActions; }
template <> std::span<const Named<SeccompFlag>> words<SeccompFlag>() { return kSeccompFlags; }
template <> std::span<const Named<SeccompOperator>> words<SeccompOperator>() { return kSeccompOperators; }
template <> std::span<const Named<SeccompArch>> words<SeccompArch>() { return kSeccompArchitectures; }
template <> std::span<const Named<HookStage>> words<HookStage>() { return kStages; }
template <> std::span<const Named<CgroupManager>> words<CgroupManager>() { return kManagers; }
// clang-format on

}  // namespace asylum
