// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/process_plan.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>

#include "runtime/base/text.h"
#include "runtime/plan/identity_plan.h"
#include "runtime/plan/mount_plan.h"
#include "runtime/plan/types/plan.h"
#include "spec/names.h"
#include "spec/spec.h"

namespace asylum::plan {
namespace {

// linux/sched.h
std::uint32_t number_of(spec::SchedulerPolicy policy) {
  switch (policy) {
    case spec::SchedulerPolicy::other:
      return 0;
    case spec::SchedulerPolicy::fifo:
      return 1;
    case spec::SchedulerPolicy::round_robin:
      return 2;
    case spec::SchedulerPolicy::batch:
      return 3;
    case spec::SchedulerPolicy::iso:
      return 4;
    case spec::SchedulerPolicy::idle:
      return 5;
    case spec::SchedulerPolicy::deadline:
      return 6;
  }
  return 0;
}

std::uint64_t bit_of(spec::SchedulerFlag flag) {
  switch (flag) {
    case spec::SchedulerFlag::reset_on_fork:
      return 0x01;
    case spec::SchedulerFlag::reclaim:
      return 0x02;
    case spec::SchedulerFlag::deadline_overrun:
      return 0x04;
    case spec::SchedulerFlag::keep_policy:
      return 0x08;
    case spec::SchedulerFlag::keep_params:
      return 0x10;
    case spec::SchedulerFlag::util_clamp_min:
      return 0x20;
    case spec::SchedulerFlag::util_clamp_max:
      return 0x40;
  }
  return 0;
}

// linux/ioprio.h
std::uint32_t number_of(spec::IoPriorityClass io_class) {
  switch (io_class) {
    case spec::IoPriorityClass::realtime:
      return 1;
    case spec::IoPriorityClass::best_effort:
      return 2;
    case spec::IoPriorityClass::idle:
      return 3;
  }
  return 0;
}

// linux/mempolicy.h
std::uint32_t number_of(spec::MemoryPolicyMode mode) {
  switch (mode) {
    case spec::MemoryPolicyMode::default_:
      return 0;
    case spec::MemoryPolicyMode::preferred:
      return 1;
    case spec::MemoryPolicyMode::bind:
      return 2;
    case spec::MemoryPolicyMode::interleave:
      return 3;
    case spec::MemoryPolicyMode::local:
      return 4;
    case spec::MemoryPolicyMode::preferred_many:
      return 5;
    case spec::MemoryPolicyMode::weighted_interleave:
      return 6;
  }
  return 0;
}

std::uint32_t bit_of(spec::MemoryPolicyFlag flag) {
  switch (flag) {
    case spec::MemoryPolicyFlag::numa_balancing:
      return 1U << 13;
    case spec::MemoryPolicyFlag::relative_nodes:
      return 1U << 14;
    case spec::MemoryPolicyFlag::static_nodes:
      return 1U << 15;
  }
  return 0;
}

// linux/personality.h
std::uint64_t number_of(spec::PersonalityDomain domain) {
  switch (domain) {
    case spec::PersonalityDomain::linux_:
      return 0x0000;
    case spec::PersonalityDomain::linux32:
      return 0x0008;
  }
  return 0;
}

std::string_view key_of(std::string_view entry) {
  return entry.substr(0, entry.find('='));
}

/// Of entries with the same key the last stays, where it is: as in runc. Kubernetes' service links
/// make tens of thousands of them.
std::vector<std::string> without_overridden(std::vector<std::string> env) {
  std::unordered_set<std::string_view> later;
  std::vector<bool> stays(env.size());
  for (std::size_t i = env.size(); i-- > 0;) stays[i] = later.insert(key_of(env[i])).second;
  std::vector<std::string> out;
  out.reserve(later.size());
  for (std::size_t i = 0; i < env.size(); ++i) {
    if (stays[i]) out.push_back(std::move(env[i]));
  }
  return out;
}

std::vector<std::string> plan_env(const spec::Process& process, const Request& request) {
  std::vector<std::string> env;
  for (const std::string& entry : process.env) {
    const std::size_t equals = entry.find('=');
    if (equals != 0 && equals != std::string::npos) env.push_back(entry);
  }
  if (request.listen_fds > 0) {  // sd_listen_fds(3); LISTEN_PID is added by whom it names
    env.push_back(cat("LISTEN_FDS=", request.listen_fds));
    std::erase_if(env, [](const std::string& one) { return one.starts_with("LISTEN_PID="); });
  }
  if (!request.notify_directory.empty()) {
    env.push_back(cat("NOTIFY_SOCKET=", kNotifyMountPoint, "/notify.sock"));
  }
  return without_overridden(std::move(env));
}

std::vector<ResourceLimit> plan_limits(const spec::Process& process) {
  std::vector<ResourceLimit> out;
  for (std::size_t i = 0; i < process.rlimits.size(); ++i) {
    const spec::Rlimit& one = process.rlimits[i];
    const auto number = spec::rlimit_number(one.type);
    if (!number) continue;
    out.push_back({*number, one.type, one.soft, one.hard, cat("/process/rlimits/", i)});
  }
  return out;
}

std::optional<Scheduler> plan_scheduler(const spec::Process& process) {
  if (!process.scheduler) return std::nullopt;
  const spec::Scheduler& asked = *process.scheduler;
  Scheduler out;
  out.policy = number_of(asked.policy);
  for (const spec::SchedulerFlag flag : asked.flags) out.flags |= bit_of(flag);
  out.nice = asked.nice.value_or(0);
  out.priority = static_cast<std::uint32_t>(std::max(0, asked.priority.value_or(0)));
  out.runtime_ns = asked.runtime_ns.value_or(0);
  out.deadline_ns = asked.deadline_ns.value_or(0);
  out.period_ns = asked.period_ns.value_or(0);
  return out;
}

std::optional<IoPriority> plan_io_priority(const spec::Process& process) {
  if (!process.io_priority) return std::nullopt;
  const std::int32_t level = process.io_priority->priority.value_or(0);
  return IoPriority{number_of(process.io_priority->io_class),
                    static_cast<std::uint32_t>(std::max(0, level))};
}

std::optional<MemoryPolicy> plan_memory_policy(const spec::Spec& spec) {
  if (!spec.linux.memory_policy) return std::nullopt;
  MemoryPolicy out;
  out.mode_and_flags = number_of(spec.linux.memory_policy->mode);
  for (const spec::MemoryPolicyFlag flag : spec.linux.memory_policy->flags) {
    out.mode_and_flags |= bit_of(flag);
  }
  out.nodes = parse_number_list(spec.linux.memory_policy->nodes);
  return out;
}

std::optional<std::uint64_t> plan_personality(const spec::Spec& spec) {
  if (!spec.linux.personality) return std::nullopt;
  return number_of(spec.linux.personality->domain);
}

void plan_console(const spec::Process& process, Process& out) {
  out.terminal = process.terminal;
  if (!process.terminal || !process.console_size) return;
  out.console_rows = process.console_size->height;
  out.console_columns = process.console_size->width;
}

}  // namespace

std::vector<std::uint32_t> parse_number_list(std::string_view text) {
  constexpr std::uint64_t kLargest = 65535;
  std::set<std::uint32_t> out;
  if (trim(text).empty()) return {};
  for (const std::string_view part : split(text, ',')) {
    const std::string_view range = trim(part);
    const std::size_t dash = range.find('-');
    const auto first = parse_u64(range.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : parse_u64(range.substr(dash + 1));
    if (!first || !last || *first > *last || *last > kLargest) return {};
    for (std::uint64_t i = *first; i <= *last; ++i) out.insert(static_cast<std::uint32_t>(i));
  }
  return {out.begin(), out.end()};
}

void plan_process(const spec::Spec& spec, const HostFacts& facts, const Request& request,
                  Plan& plan, Findings& findings) {
  if (!spec.process) return;
  const spec::Process& asked = *spec.process;
  Process& out = plan.process;
  out.args = asked.args;
  out.env = plan_env(asked, request);
  out.cwd = asked.cwd;
  out.identity = plan_identity(asked, facts, plan, findings);
  out.umask = asked.user.umask.value_or(0022);
  out.limits = plan_limits(asked);
  out.oom_score_adj = asked.oom_score_adj;
  plan_console(asked, out);
  out.detached = request.detached;
  out.scheduler = plan_scheduler(asked);
  out.io_priority = plan_io_priority(asked);
  out.memory_policy = plan_memory_policy(spec);
  out.personality = plan_personality(spec);
  if (asked.exec_cpu_affinity) {
    out.exec_affinity_initial = parse_number_list(asked.exec_cpu_affinity->initial);
    out.exec_affinity_final = parse_number_list(asked.exec_cpu_affinity->final);
  }
  out.listen_fds = request.listen_fds;
  out.preserved_fds = request.listen_fds + request.preserve_fds;
}

}  // namespace asylum::plan
