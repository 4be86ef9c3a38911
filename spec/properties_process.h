// SPDX-License-Identifier: Apache-2.0
// The keys of `process`. See properties.h.
#pragma once

#include "spec/properties.h"

namespace asylum::spec {

template <typename Archive>
void describe(Archive& archive, Of<ConsoleSize> auto& size) {
  archive.required("height", size.height);
  archive.required("width", size.width);
}

template <typename Archive>
void describe(Archive& archive, Of<User> auto& user) {
  archive.always("uid", user.uid);
  archive.always("gid", user.gid);
  archive.member("umask", user.umask);
  archive.member("additionalGids", user.additional_gids);
  archive.foreign("username");  // Windows
}

template <typename Archive>
void describe(Archive& archive, Of<Capabilities> auto& capabilities) {
  archive.member("bounding", capabilities.bounding);
  archive.member("effective", capabilities.effective);
  archive.member("inheritable", capabilities.inheritable);
  archive.member("permitted", capabilities.permitted);
  archive.member("ambient", capabilities.ambient);
}

template <typename Archive>
void describe(Archive& archive, Of<Rlimit> auto& limit) {
  archive.required("type", limit.type);
  archive.required("hard", limit.hard);
  archive.required("soft", limit.soft);
}

template <typename Archive>
void describe(Archive& archive, Of<Scheduler> auto& scheduler) {
  archive.required("policy", scheduler.policy);
  archive.member("nice", scheduler.nice);
  archive.member("priority", scheduler.priority);
  archive.member("flags", scheduler.flags);
  archive.member("runtime", scheduler.runtime_ns);
  archive.member("deadline", scheduler.deadline_ns);
  archive.member("period", scheduler.period_ns);
}

template <typename Archive>
void describe(Archive& archive, Of<IoPriority> auto& priority) {
  archive.required("class", priority.io_class);
  archive.member("priority", priority.priority);
}

template <typename Archive>
void describe(Archive& archive, Of<CpuAffinity> auto& affinity) {
  archive.member("initial", affinity.initial);
  archive.member("final", affinity.final);
}

template <typename Archive>
void describe(Archive& archive, Of<Process> auto& process) {
  archive.member("terminal", process.terminal);
  archive.member("consoleSize", process.console_size);
  archive.always("user", process.user);
  archive.member("args", process.args);
  archive.foreign("commandLine");  // Windows
  archive.member("env", process.env);
  archive.required("cwd", process.cwd);
  archive.member("capabilities", process.capabilities);
  archive.member("rlimits", process.rlimits);
  archive.member("noNewPrivileges", process.no_new_privileges);
  archive.member("apparmorProfile", process.apparmor_profile);
  archive.member("oomScoreAdj", process.oom_score_adj);
  archive.member("scheduler", process.scheduler);
  archive.member("selinuxLabel", process.selinux_label);
  archive.member("ioPriority", process.io_priority);
  archive.member("execCPUAffinity", process.exec_cpu_affinity);
}

}  // namespace asylum::spec
