// SPDX-License-Identifier: Apache-2.0
// What the rules say of one call is what the compiled program says.
#include "runtime/seccomp/verdict.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <sys/syscall.h>

#include "runtime/seccomp/compile.h"
#include "tests/seccomp/evaluate_bpf.h"

namespace asylum::seccomp {
namespace {

plan::SeccompRule rule(std::vector<std::string> names, std::string action, int number) {
  return {std::move(names), std::move(action), {}, {}, "/syscalls/" + std::to_string(number)};
}

plan::Seccomp profile(std::string default_action, std::vector<plan::SeccompRule> rules) {
  plan::Seccomp seccomp;
  seccomp.default_action = std::move(default_action);
  seccomp.rules = std::move(rules);
  seccomp.pointer = "/linux/seccomp";
  return seccomp;
}

TEST(SeccompVerdict, AgreesWithTheCompiledProgram) {
  const plan::Seccomp seccomp =
      profile("SCMP_ACT_ERRNO", {rule({"read", "write"}, "SCMP_ACT_ALLOW", 0),
                                 rule({"chdir", "read"}, "SCMP_ACT_KILL_PROCESS", 1),
                                 rule({"prctl"}, "SCMP_ACT_TRAP", 2)});
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
  plan::SeccompRule conditional = rule({"socket"}, "SCMP_ACT_ERRNO", 0);
  conditional.args = {{0, 16, 0, "SCMP_CMP_EQ"}};
  const auto verdicts = verdicts_on(profile("SCMP_ACT_ALLOW", {conditional}), "socket");
  ASSERT_EQ(verdicts.size(), 2U);
  EXPECT_TRUE(verdicts[0].conditional);
  EXPECT_EQ(verdicts[1].action, SECCOMP_RET_ALLOW);
}

TEST(SeccompVerdict, DeadlyActions) {
  for (const char* action :
       {"SCMP_ACT_KILL", "SCMP_ACT_KILL_THREAD", "SCMP_ACT_KILL_PROCESS", "SCMP_ACT_TRAP"}) {
    const auto verdicts =
        verdicts_on(profile("SCMP_ACT_ALLOW", {rule({"read"}, action, 0)}), "read");
    EXPECT_TRUE(is_deadly(verdicts[0])) << action;
  }
  EXPECT_FALSE(is_deadly(verdicts_on(profile("SCMP_ACT_ERRNO", {}), "read")[0]));
}

}  // namespace
}  // namespace asylum::seccomp
