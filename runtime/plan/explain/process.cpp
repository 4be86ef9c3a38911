// SPDX-License-Identifier: Apache-2.0
// explain, third part: who the program becomes, and the hooks around its start.
#include "runtime/base/text.h"
#include "runtime/plan/explain/lines.h"
#include "runtime/plan/explain/words.h"
#include "runtime/plan/identity_plan.h"
#include "runtime/plan/types/plan.h"

namespace asylum::plan {
namespace {

void explain_tuning(const Process& process, Lines& lines) {
  lines.section("process");
  if (process.oom_score_adj) {
    lines.add(cat("oom_score_adj ", *process.oom_score_adj), "/process/oomScoreAdj");
  }
  for (const ResourceLimit& one : process.limits) {
    lines.add(
        cat("limit ", one.name, " soft ", limit_words(one.soft), " hard ", limit_words(one.hard)),
        one.pointer);
  }
  if (process.scheduler) {
    lines.add(cat("scheduler policy ", process.scheduler->policy, " nice ", process.scheduler->nice,
                  " priority ", process.scheduler->priority),
              "/process/scheduler");
  }
  if (process.io_priority) {
    lines.add(cat("I/O priority class ", process.io_priority->io_class, " level ",
                  process.io_priority->level),
              "/process/ioPriority");
  }
  if (process.memory_policy) lines.add("set the memory policy", "/linux/memoryPolicy");
  if (process.personality) {
    lines.add(cat("personality ", *process.personality), "/linux/personality");
  }
}

void explain_set(std::string_view name, std::uint64_t set, Lines& lines) {
  lines.add(cat(name, " capabilities: ", set == 0 ? std::string("none") : capability_words(set)),
            cat("/process/capabilities/", name));
}

void explain_identity(const Process& process, Lines& lines) {
  const Identity& identity = process.identity;
  if (identity.no_new_privileges) lines.add("no new privileges", "/process/noNewPrivileges");
  std::string user =
      cat("uid ", identity.uid, " gid ", identity.gid, " umask ", octal(process.umask));
  if (!identity.additional_gids.empty()) {
    user += " groups";
    for (const std::uint32_t gid : identity.additional_gids) user += cat(" ", gid);
  }
  lines.add(user, "/process/user");
  if (!identity.has_capabilities) {
    lines.add("all capability sets become empty", "");
    return;
  }
  explain_set("bounding", identity.capabilities.bounding, lines);
  explain_set("permitted", identity.capabilities.permitted, lines);
  explain_set("effective", identity.capabilities.effective, lines);
  explain_set("inheritable", identity.capabilities.inheritable, lines);
  explain_set("ambient", identity.capabilities.ambient, lines);
}

void explain_program(const Process& process, Lines& lines) {
  for (const std::string& one : process.env)
    lines.add(cat("environment ", quote(one)), "/process/env");
  lines.add(cat("working directory ", quote(process.cwd)), "/process/cwd");
  if (process.preserved_fds > 0) {
    lines.add(cat("keep descriptors 3 to ", std::uint64_t{process.preserved_fds} + 2, " open"), "");
  }
  std::string text = "execute";
  for (const std::string& one : process.args) text += cat(" ", quote(one));
  lines.add(text, "/process/args");
}

}  // namespace

void explain_process(const Plan& plan, Lines& lines) {
  explain_tuning(plan.process, lines);
  if (plan.new_session_keyring) lines.add("join a new session keyring", "");
  explain_identity(plan.process, lines);
  if (plan.seccomp) {
    lines.add(cat("load a seccomp filter of ", plan.seccomp->rules.size(), " rules, default ",
                  word_of(plan.seccomp->default_action)),
              plan.seccomp->pointer);
  }
  explain_hooks(plan, HookStage::start_container, lines);
  lines.section("program");
  explain_program(plan.process, lines);
  explain_hooks(plan, HookStage::poststart, lines);
  explain_hooks(plan, HookStage::poststop, lines);
}

}  // namespace asylum::plan
