// SPDX-License-Identifier: Apache-2.0
// Rules of `process`.
#include <algorithm>
#include <set>

#include "runtime/base/text.h"
#include "spec/check/syntax.h"
#include "spec/check/validate.h"
#include "spec/names.h"

namespace asylum::spec {
namespace {

constexpr std::int32_t kOomScoreLimit = 1000;
constexpr std::uint32_t kHighestUmask = 0777;

void args_are_there(const Process& process, const Report& report) {
  if (process.args.empty()) report.error("/args", "must name a program, it is empty or missing");
}

void cwd_is_absolute(const Process& process, const Report& report) {
  if (!is_absolute(process.cwd))
    report.error("/cwd", cat("must be an absolute path, found ", quote(process.cwd)));
}

void env_has_names(const Process& process, const Report& report) {
  for (std::size_t i = 0; i < process.env.size(); ++i) {
    const std::string_view fault = fault_of_variable(process.env[i]);
    if (!fault.empty()) report.error(cat("/env/", i), cat("must be NAME=value, ", fault));
  }
}

void umask_is_in_range(const Process& process, const Report& report) {
  if (process.user.umask.value_or(0) > kHighestUmask) {
    report.error("/user/umask", cat("must be between 0 and ", kHighestUmask, " (0777), found ",
                                    *process.user.umask));
  }
}

void rlimits_are_known(const Process& process, const Report& report) {
  std::vector<std::string_view> known;
  for (const auto& row : rlimit_names()) known.push_back(row.word);
  for (std::size_t i = 0; i < process.rlimits.size(); ++i) {
    const std::string& type = process.rlimits[i].type;
    if (rlimit_number(type)) continue;
    const auto near = closest_match(type, known);
    report.error(cat("/rlimits/", i, "/type"), cat("unknown resource limit ", quote(type)),
                 near ? cat("did you mean ", quote(*near), "?") : std::string());
  }
}

void rlimits_are_unique(const Process& process, const Report& report) {
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < process.rlimits.size(); ++i) {
    if (!seen.insert(process.rlimits[i].type).second) {
      report.error(cat("/rlimits/", i, "/type"),
                   cat(quote(process.rlimits[i].type), " is given twice"));
    }
  }
}

void rlimits_are_ordered(const Process& process, const Report& report) {
  for (std::size_t i = 0; i < process.rlimits.size(); ++i) {
    const Rlimit& limit = process.rlimits[i];
    if (limit.soft > limit.hard) {
      report.error(cat("/rlimits/", i, "/soft"),
                   cat("must not be above the hard limit ", limit.hard, ", found ", limit.soft));
    }
  }
}

struct Set {
  std::string_view key;
  std::vector<std::string> Capabilities::*names;
};

constexpr Set kSets[] = {
    {"bounding", &Capabilities::bounding},   {"effective", &Capabilities::effective},
    {"permitted", &Capabilities::permitted}, {"inheritable", &Capabilities::inheritable},
    {"ambient", &Capabilities::ambient},
};

// Fewer privileges than asked for are no danger: a warning, as the runtime-spec wants it.
void capabilities_are_known(const Process& process, const Report& report) {
  if (!process.capabilities) return;
  std::vector<std::string_view> known;
  for (const auto& row : capability_names()) known.push_back(row.word);
  for (const Set& set : kSets) {
    const auto& names = (*process.capabilities).*set.names;
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (capability_number(names[i])) continue;
      const auto near = closest_match(names[i], known);
      report.warning(cat("/capabilities/", set.key, "/", i),
                     cat("unknown capability ", quote(names[i]), ", it will not be given"),
                     near ? cat("did you mean ", quote(*near), "?") : std::string());
    }
  }
}

void within(const Capabilities& all, const Set& inner, const Set& outer, const Report& report) {
  const auto& wanted = all.*inner.names;
  const std::set<std::string_view> allowed((all.*outer.names).begin(), (all.*outer.names).end());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!capability_number(wanted[i])) continue;
    if (!allowed.contains(wanted[i])) {
      report.warning(cat("/capabilities/", inner.key, "/", i),
                     cat(wanted[i], " cannot be ", inner.key, ", it is not ", outer.key));
    }
  }
}

void capability_sets_are_nested(const Process& process, const Report& report) {
  if (!process.capabilities) return;
  const auto& [bounding, effective, permitted, inheritable, ambient] = kSets;
  within(*process.capabilities, effective, permitted, report);
  within(*process.capabilities, ambient, permitted, report);
  within(*process.capabilities, ambient, inheritable, report);
}

void oom_score_is_in_range(const Process& process, const Report& report) {
  const std::int32_t score = process.oom_score_adj.value_or(0);
  if (score < -kOomScoreLimit || score > kOomScoreLimit) {
    report.error("/oomScoreAdj", cat("must be between -1000 and 1000, found ", score));
  }
}

void check_deadline(const Scheduler& scheduler, const Report& report) {
  const std::uint64_t runtime = scheduler.runtime_ns.value_or(0);
  const std::uint64_t deadline = scheduler.deadline_ns.value_or(0);
  const std::uint64_t period = scheduler.period_ns.value_or(0);
  if (runtime == 0 || runtime > deadline || (period != 0 && deadline > period)) {
    report.error("/scheduler", "SCHED_DEADLINE needs 0 < runtime <= deadline <= period");
  }
}

// Source: sched_setattr(2); runtime-spec config.md#process, "scheduler".
void scheduler_is_sound(const Process& process, const Report& report) {
  if (!process.scheduler) return;
  const Scheduler& scheduler = *process.scheduler;
  const bool realtime =
      scheduler.policy == SchedulerPolicy::fifo || scheduler.policy == SchedulerPolicy::round_robin;
  const std::int32_t priority = scheduler.priority.value_or(0);
  const std::int32_t nice = scheduler.nice.value_or(0);
  if (scheduler.policy == SchedulerPolicy::iso) {
    report.unsupported("/scheduler/policy", "no kernel has SCHED_ISO");
  }
  if (nice < -20 || nice > 19)
    report.error("/scheduler/nice", cat("must be between -20 and 19, found ", nice));
  if (realtime && (priority < 1 || priority > 99)) {
    report.error("/scheduler/priority",
                 cat("must be between 1 and 99 for this policy, found ", priority));
  }
  if (!realtime && priority != 0) {
    report.error("/scheduler/priority", "is for SCHED_FIFO and SCHED_RR only");
  }
  if (scheduler.policy == SchedulerPolicy::deadline) return check_deadline(scheduler, report);
  if (scheduler.runtime_ns.value_or(0) + scheduler.deadline_ns.value_or(0) +
          scheduler.period_ns.value_or(0) !=
      0) {
    report.error("/scheduler", "runtime, deadline and period are for SCHED_DEADLINE only");
  }
}

void io_priority_is_in_range(const Process& process, const Report& report) {
  if (!process.io_priority) return;
  const std::int32_t priority = process.io_priority->priority.value_or(0);
  if (priority < 0 || priority > 7) {
    report.error("/ioPriority/priority", cat("must be between 0 and 7, found ", priority));
  }
}

void affinity_is_a_list(const Process& process, const Report& report) {
  if (!process.exec_cpu_affinity) return;
  const auto check = [&](std::string_view key, const std::string& text) {
    if (!text.empty() && !parse_cpu_list(text)) {
      report.error(cat("/execCPUAffinity/", key),
                   cat("must be a list of CPUs such as 0-3,7, found ", quote(text)));
    }
  };
  check("initial", process.exec_cpu_affinity->initial);
  check("final", process.exec_cpu_affinity->final);
}

constexpr Check<Process> kChecks[] = {
    {"args.are_there", args_are_there},
    {"cwd.is_absolute", cwd_is_absolute},
    {"env.has_names", env_has_names},
    {"umask.is_in_range", umask_is_in_range},
    {"rlimits.are_known", rlimits_are_known},
    {"rlimits.are_unique", rlimits_are_unique},
    {"rlimits.are_ordered", rlimits_are_ordered},
    {"capabilities.are_known", capabilities_are_known},
    {"capabilities.sets_are_nested", capability_sets_are_nested},
    {"oom_score.is_in_range", oom_score_is_in_range},
    {"scheduler.is_sound", scheduler_is_sound},
    {"io_priority.is_in_range", io_priority_is_in_range},
    {"affinity.is_a_list", affinity_is_a_list},
};

}  // namespace

std::span<const Check<Process>> process_checks() {
  return kChecks;
}

}  // namespace asylum::spec
