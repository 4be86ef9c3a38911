// SPDX-License-Identifier: Apache-2.0
#include "spec/names.h"

#include <algorithm>
#include <iterator>

namespace asylum::spec {
namespace {

constexpr Named<DeviceType> kDevices[] = {
    {"c", DeviceType::character},
    {"b", DeviceType::block},
    {"u", DeviceType::unbuffered},
    {"p", DeviceType::fifo},
};

constexpr Named<DeviceRuleType> kDeviceRules[] = {
    {"a", DeviceRuleType::all},
    {"c", DeviceRuleType::character},
    {"b", DeviceRuleType::block},
};

constexpr Named<MemoryPolicyMode> kMemoryPolicyModes[] = {
    {"MPOL_DEFAULT", MemoryPolicyMode::default_},
    {"MPOL_BIND", MemoryPolicyMode::bind},
    {"MPOL_INTERLEAVE", MemoryPolicyMode::interleave},
    {"MPOL_WEIGHTED_INTERLEAVE", MemoryPolicyMode::weighted_interleave},
    {"MPOL_PREFERRED", MemoryPolicyMode::preferred},
    {"MPOL_PREFERRED_MANY", MemoryPolicyMode::preferred_many},
    {"MPOL_LOCAL", MemoryPolicyMode::local},
};

constexpr Named<MemoryPolicyFlag> kMemoryPolicyFlags[] = {
    {"MPOL_F_NUMA_BALANCING", MemoryPolicyFlag::numa_balancing},
    {"MPOL_F_RELATIVE_NODES", MemoryPolicyFlag::relative_nodes},
    {"MPOL_F_STATIC_NODES", MemoryPolicyFlag::static_nodes},
};

constexpr Named<PersonalityDomain> kPersonalities[] = {
    {"LINUX", PersonalityDomain::linux_},
    {"LINUX32", PersonalityDomain::linux32},
};

constexpr Named<SchedulerPolicy> kSchedulerPolicies[] = {
    {"SCHED_OTHER", SchedulerPolicy::other},       {"SCHED_FIFO", SchedulerPolicy::fifo},
    {"SCHED_RR", SchedulerPolicy::round_robin},    {"SCHED_BATCH", SchedulerPolicy::batch},
    {"SCHED_ISO", SchedulerPolicy::iso},           {"SCHED_IDLE", SchedulerPolicy::idle},
    {"SCHED_DEADLINE", SchedulerPolicy::deadline},
};

constexpr Named<SchedulerFlag> kSchedulerFlags[] = {
    {"SCHED_FLAG_RESET_ON_FORK", SchedulerFlag::reset_on_fork},
    {"SCHED_FLAG_RECLAIM", SchedulerFlag::reclaim},
    {"SCHED_FLAG_DL_OVERRUN", SchedulerFlag::deadline_overrun},
    {"SCHED_FLAG_KEEP_POLICY", SchedulerFlag::keep_policy},
    {"SCHED_FLAG_KEEP_PARAMS", SchedulerFlag::keep_params},
    {"SCHED_FLAG_UTIL_CLAMP_MIN", SchedulerFlag::util_clamp_min},
    {"SCHED_FLAG_UTIL_CLAMP_MAX", SchedulerFlag::util_clamp_max},
};

constexpr Named<IoPriorityClass> kIoPriorities[] = {
    {"IOPRIO_CLASS_RT", IoPriorityClass::realtime},
    {"IOPRIO_CLASS_BE", IoPriorityClass::best_effort},
    {"IOPRIO_CLASS_IDLE", IoPriorityClass::idle},
};

constexpr Named<std::uint32_t> kCapabilities[] = {
    {"CAP_CHOWN", 0},
    {"CAP_DAC_OVERRIDE", 1},
    {"CAP_DAC_READ_SEARCH", 2},
    {"CAP_FOWNER", 3},
    {"CAP_FSETID", 4},
    {"CAP_KILL", 5},
    {"CAP_SETGID", 6},
    {"CAP_SETUID", 7},
    {"CAP_SETPCAP", 8},
    {"CAP_LINUX_IMMUTABLE", 9},
    {"CAP_NET_BIND_SERVICE", 10},
    {"CAP_NET_BROADCAST", 11},
    {"CAP_NET_ADMIN", 12},
    {"CAP_NET_RAW", 13},
    {"CAP_IPC_LOCK", 14},
    {"CAP_IPC_OWNER", 15},
    {"CAP_SYS_MODULE", 16},
    {"CAP_SYS_RAWIO", 17},
    {"CAP_SYS_CHROOT", 18},
    {"CAP_SYS_PTRACE", 19},
    {"CAP_SYS_PACCT", 20},
    {"CAP_SYS_ADMIN", 21},
    {"CAP_SYS_BOOT", 22},
    {"CAP_SYS_NICE", 23},
    {"CAP_SYS_RESOURCE", 24},
    {"CAP_SYS_TIME", 25},
    {"CAP_SYS_TTY_CONFIG", 26},
    {"CAP_MKNOD", 27},
    {"CAP_LEASE", 28},
    {"CAP_AUDIT_WRITE", 29},
    {"CAP_AUDIT_CONTROL", 30},
    {"CAP_SETFCAP", 31},
    {"CAP_MAC_OVERRIDE", 32},
    {"CAP_MAC_ADMIN", 33},
    {"CAP_SYSLOG", 34},
    {"CAP_WAKE_ALARM", 35},
    {"CAP_BLOCK_SUSPEND", 36},
    {"CAP_AUDIT_READ", 37},
    {"CAP_PERFMON", 38},
    {"CAP_BPF", 39},
    {"CAP_CHECKPOINT_RESTORE", 40},
};

constexpr Named<std::uint32_t> kRlimits[] = {
    {"RLIMIT_CPU", 0},       {"RLIMIT_FSIZE", 1}, {"RLIMIT_DATA", 2},    {"RLIMIT_STACK", 3},
    {"RLIMIT_CORE", 4},      {"RLIMIT_RSS", 5},   {"RLIMIT_NPROC", 6},   {"RLIMIT_NOFILE", 7},
    {"RLIMIT_MEMLOCK", 8},   {"RLIMIT_AS", 9},    {"RLIMIT_LOCKS", 10},  {"RLIMIT_SIGPENDING", 11},
    {"RLIMIT_MSGQUEUE", 12}, {"RLIMIT_NICE", 13}, {"RLIMIT_RTPRIO", 14}, {"RLIMIT_RTTIME", 15},
};

std::optional<std::uint32_t> number_in(std::span<const Named<std::uint32_t>> table,
                                       std::string_view name) {
  for (const auto& row : table) {
    if (row.word == name) return row.value;
  }
  return std::nullopt;
}

constexpr std::string_view kIpcSysctls[] = {
    "kernel/msgmax",          "kernel/msgmnb", "kernel/msgmni", "kernel/sem",
    "kernel/shm_rmid_forced", "kernel/shmall", "kernel/shmmax", "kernel/shmmni",
};

}  // namespace

std::span<const Named<std::uint32_t>> capability_names() {
  return kCapabilities;
}

std::optional<std::uint32_t> capability_number(std::string_view name) {
  return number_in(kCapabilities, name);
}

std::string_view capability_name(std::uint32_t number) {
  return number < std::size(kCapabilities) ? kCapabilities[number].word : std::string_view{};
}

std::span<const Named<std::uint32_t>> rlimit_names() {
  return kRlimits;
}

std::optional<std::uint32_t> rlimit_number(std::string_view name) {
  return number_in(kRlimits, name);
}

std::optional<NamespaceType> namespace_of_sysctl(std::string_view file) {
  if (std::find(std::begin(kIpcSysctls), std::end(kIpcSysctls), file) != std::end(kIpcSysctls)) {
    return NamespaceType::ipc;
  }
  if (file.starts_with("fs/mqueue/")) return NamespaceType::ipc;
  if (file.starts_with("net/")) return NamespaceType::network;
  if (file.starts_with("user/")) return NamespaceType::user;
  if (file == "kernel/domainname") return NamespaceType::uts;
  return std::nullopt;
}

}  // namespace asylum::spec

namespace asylum {

// clang-format off
template <> std::span<const Named<spec::DeviceType>> words<spec::DeviceType>() { return spec::kDevices; }
template <> std::span<const Named<spec::DeviceRuleType>> words<spec::DeviceRuleType>() { return spec::kDeviceRules; }
template <> std::span<const Named<spec::MemoryPolicyMode>> words<spec::MemoryPolicyMode>() { return spec::kMemoryPolicyModes; }
template <> std::span<const Named<spec::MemoryPolicyFlag>> words<spec::MemoryPolicyFlag>() { return spec::kMemoryPolicyFlags; }
template <> std::span<const Named<spec::PersonalityDomain>> words<spec::PersonalityDomain>() { return spec::kPersonalities; }
template <> std::span<const Named<spec::SchedulerPolicy>> words<spec::SchedulerPolicy>() { return spec::kSchedulerPolicies; }
template <> std::span<const Named<spec::SchedulerFlag>> words<spec::SchedulerFlag>() { return spec::kSchedulerFlags; }
template <> std::span<const Named<spec::IoPriorityClass>> words<spec::IoPriorityClass>() { return spec::kIoPriorities; }
// clang-format on

}  // namespace asylum
