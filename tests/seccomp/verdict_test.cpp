// SPDX-License-Identifier: Apache-2.0
// What the rules say of one call is what the compiled program says.
#include "runtime/seccomp/verdict.h"
#include "runtime/plan/types/seccomp.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include "runtime/seccomp/compile.h"
#include "tests/seccomp/evaluate_bpf.h"

namespace asylum::seccomp {
namespace {

plan::SeccompRule rule(std::vector<std::string> names, SeccompAction action, int number) {
  return {std::move(names), action, {}, {}, "/syscalls/" + std::to_string(number)};
}

plan::Seccomp profile(SeccompAction default_action, std::vector<plan::SeccompRule> rules) {
  plan::Seccomp seccomp;
  seccomp.default_action = default_action;
  seccomp.rules = std::move(rules);
  seccomp.pointer = "/linux/seccomp";
  return seccomp;
}

TEST(SeccompVerdict, AgreesWithTheCompiledProgram) {
  const plan::Seccomp seccomp =
      profile(SeccompAction::errno_, {rule({"read", "write"}, SeccompAction::allow, 0),
                                      rule({"chdir", "read"}, SeccompAction::kill_process, 1),
                                      rule({"prctl"}, SeccompAction::trap, 2)});
  const std::string program = compile(seccomp);
  const auto native = [&](int number) { return call(program, AUDIT_ARCH_X86_64, number); };
  for (const auto& [name, number] : {std::pair<const char*, int>{"read", 0},
                                     {"write", 1},
                                     {"chdir", 80},
                                     {"prctl", 157},
                                     {"execve", 59},
                                     {"close_range", 436}}) {
    const auto verdicts = verdicts_on(seccomp, name);
    ASSERT_EQ(verdicts.size(), 1U) << name;
    EXPECT_EQ(verdicts[0].action, native(number)) << name;
  }
  EXPECT_EQ(verdicts_on(seccomp, "chdir")[0].pointer, "/syscalls/1");
  EXPECT_EQ(verdicts_on(seccomp, "execve")[0].pointer, "/linux/seccomp/defaultAction");
}

TEST(SeccompVerdict, ConditionsLeaveSeveralAnswersTheDefaultLast) {
  plan::SeccompRule conditional = rule({"socket"}, SeccompAction::errno_, 0);
  conditional.args = {{0, 16, 0, SeccompOperator::equal}};
  const auto verdicts = verdicts_on(profile(SeccompAction::allow, {conditional}), "socket");
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_TRUE(verdicts[0].conditional);
  EXPECT_EQ(verdicts[1].action, SECCOMP_RET_ALLOW);
}

TEST(SeccompVerdict, DeadlyActions) {
  for (const SeccompAction action :
       {SeccompAction::kill_thread, SeccompAction::kill_process, SeccompAction::trap}) {
    const auto verdicts =
        verdicts_on(profile(SeccompAction::allow, {rule({"read"}, action, 0)}), "read");
    EXPECT_TRUE(is_deadly(verdicts[0])) << word_of(action);
  }
  EXPECT_FALSE(is_deadly(verdicts_on(profile(SeccompAction::errno_, {}), "read")[0]));
}

}  // namespace
}  // namespace asylum::seccomp
