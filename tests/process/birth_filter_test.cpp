// SPDX-License-Identifier: Apache-2.0
// Which profiles hinder the birth of exec's process, on the program as it is compiled.
#include "runtime/process/init/birth_filter.h"
#include "runtime/plan/types/plan.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "runtime/seccomp/compile.h"

namespace asylum::process {
namespace {

/// A profile with this default, and rules with the other word.
plan::Plan plan_with(SeccompAction fallback, std::vector<plan::SeccompRule> rules) {
  plan::Plan plan;
  plan.seccomp.emplace();
  plan.seccomp->default_action = fallback;
  plan.seccomp->architectures = {};
  plan.seccomp->rules = std::move(rules);
  return plan;
}

bool lets(const plan::Plan& plan) {
  return lets_be_born(plan, seccomp::compile(*plan.seccomp));
}

constexpr SeccompAction kAllow = SeccompAction::allow;
constexpr SeccompAction kErrno = SeccompAction::errno_;

TEST(BirthFilter, ADenyListThatNamesNoneOfTheCalls) {
  EXPECT_TRUE(lets(plan_with(kAllow, {{{"mkdir", "clone3", "mount"}, kErrno, {}, {}, ""}})));
}

TEST(BirthFilter, EveryAnswerButAllowAndLogHinders) {
  for (const SeccompAction action :
       {kErrno, SeccompAction::kill_thread, SeccompAction::kill_process, SeccompAction::trap,
        SeccompAction::trace, SeccompAction::notify}) {
    EXPECT_FALSE(lets(plan_with(kAllow, {{{"setsid"}, action, {}, {}, ""}}))) << word_of(action);
    EXPECT_FALSE(lets(plan_with(kAllow, {{{"clone"}, action, {}, {}, ""}}))) << word_of(action);
  }
  EXPECT_TRUE(lets(plan_with(kAllow, {{{"setsid", "clone"}, SeccompAction::log, {}, {}, ""}})));
}

// moby's default profile has this one: no new namespaces, which are not made here.
TEST(BirthFilter, CloneIsJudgedByTheFlagsThatItHas) {
  const plan::SeccompArg no_namespaces{0, 2114060288, 0, SeccompOperator::masked_equal};
  EXPECT_TRUE(lets(plan_with(
      kErrno, {{{"clone"}, kAllow, {}, {no_namespaces}, ""}, {{"setsid"}, kAllow, {}, {}, ""}})));
  const plan::SeccompArg a_thread{0, 0x10000, 0x10000, SeccompOperator::masked_equal};
  EXPECT_FALSE(lets(plan_with(
      kErrno, {{{"clone"}, kAllow, {}, {a_thread}, ""}, {{"setsid"}, kAllow, {}, {}, ""}})));
}

TEST(BirthFilter, TheTerminalsCallCountsWithATerminal) {
  plan::Plan plan = plan_with(kAllow, {{{"ioctl"}, kErrno, {}, {}, ""}});
  EXPECT_TRUE(lets(plan));
  plan.process.terminal = true;
  EXPECT_FALSE(lets(plan));
  // CVE-2017-5226: a profile that knows one ioctl.
  plan.seccomp->rules = {{{"ioctl"}, kErrno, {}, {{1, 0x5412, 0, SeccompOperator::equal}}, ""}};
  EXPECT_TRUE(lets(plan));
}

TEST(BirthFilter, LimitsCountIfTheyAreLeftToTheChild) {
  plan::Plan plan = plan_with(kAllow, {{{"prlimit64"}, kErrno, {}, {}, ""}});
  plan.process.limits = {{RLIMIT_CORE, "RLIMIT_CORE", 0, 0, ""}};
  EXPECT_TRUE(lets(plan));
  plan.process.limits.push_back({RLIMIT_NOFILE, "RLIMIT_NOFILE", 8, 8, ""});
  EXPECT_FALSE(lets(plan));
  plan.process.limits.back() = {RLIMIT_NPROC, "RLIMIT_NPROC", 8, 8, ""};
  EXPECT_FALSE(lets(plan));
  // Asking is allowed, setting is not.
  plan.seccomp->rules = {{{"prlimit64"}, kErrno, {}, {{2, 0, 0, SeccompOperator::not_equal}}, ""}};
  EXPECT_FALSE(lets(plan));
}

TEST(BirthFilter, WithAListenerNothingMayWaitForItsAgent) {
  const plan::SeccompRule mkdir{{"mkdir"}, SeccompAction::notify, {}, {}, ""};
  EXPECT_TRUE(lets(plan_with(kAllow, {mkdir})));
  EXPECT_FALSE(lets(plan_with(kAllow, {mkdir, {{"read"}, SeccompAction::notify, {}, {}, ""}})));
  EXPECT_FALSE(lets(plan_with(kAllow, {mkdir, {{"close"}, kErrno, {}, {}, ""}})));
  EXPECT_TRUE(lets(plan_with(kAllow, {{{"close"}, kErrno, {}, {}, ""}})));
}

}  // namespace
}  // namespace asylum::process
