// SPDX-License-Identifier: Apache-2.0
// Which call of init's a filter forbade, and which rule did.
#include "runtime/process/both/filter_blame.h"
#include "runtime/plan/types/seccomp.h"

#include <errno.h>
#include <gtest/gtest.h>
#include <signal.h>

#include "runtime/process/main/explain_death.h"

namespace asylum::process {
namespace {

plan::Seccomp profile(SeccompAction action, std::vector<std::string> names) {
  plan::Seccomp seccomp;
  seccomp.default_action = SeccompAction::allow;
  seccomp.pointer = "/linux/seccomp";
  seccomp.rules = {{std::move(names), action, {}, {}, "/linux/seccomp/syscalls/0"}};
  return seccomp;
}

sys::WaitResult killed_by(int signal) {
  sys::WaitResult end;
  end.signal = signal;
  return end;
}

sys::WaitResult exited_with(int code) {
  sys::WaitResult end;
  end.exited = true;
  end.code = code;
  return end;
}

TEST(FilterBlame, NamesTheFirstForbiddenCallOfTheStage) {
  const plan::Seccomp seccomp = profile(SeccompAction::kill_process, {"execve", "capset", "read"});
  const auto call_at = [&](FilterStage stage) {
    return blame_for_death(seccomp, stage, killed_by(SIGSYS))->call;
  };
  EXPECT_EQ(call_at(FilterStage::set_up), "capset");
  EXPECT_EQ(call_at(FilterStage::set_up_without_capset), "read");
  EXPECT_EQ(call_at(FilterStage::gate), "read");
  EXPECT_EQ(call_at(FilterStage::execve), "execve");
}

TEST(FilterBlame, OtherDeathsAreNotTheFilters) {
  const plan::Seccomp seccomp = profile(SeccompAction::kill_process, {"execve"});
  EXPECT_FALSE(blame_for_death(seccomp, FilterStage::gate, killed_by(SIGKILL)));
  EXPECT_FALSE(blame_for_death(seccomp, FilterStage::gate, exited_with(1)));
  EXPECT_FALSE(blame_for_death(profile(SeccompAction::kill_thread, {"mkdir"}), FilterStage::gate,
                               killed_by(SIGSYS)));
}

TEST(FilterBlame, SilenceBecauseWriteIsRefused) {
  const auto blame = blame_for_death(profile(SeccompAction::errno_, {"write"}),
                                     FilterStage::set_up_without_capset, exited_with(1));
  ASSERT_TRUE(blame);
  EXPECT_EQ(blame->call, "write");
  EXPECT_EQ(blame->answer, "refuses (EPERM)");
  const Error error = explain({exited_with(1), false}, ErrorKind::os, "in set-up", blame);
  EXPECT_EQ(error.pointer, "/linux/seccomp/syscalls/0");
  EXPECT_NE(error.detail.find("refuses (EPERM) the system call write"), std::string::npos);
}

TEST(FilterBlame, AnErrorGetsTheRuleOnlyForItsCallAndErrno) {
  const plan::Seccomp seccomp = profile(SeccompAction::errno_, {"capset", "newfstatat"});
  const auto error_of = [](const char* call, int error_number) {
    return Error(ErrorKind::os, "x").at("/process").because_of(call, error_number);
  };
  Error same = error_of("capset", EPERM);
  EXPECT_TRUE(blame_filter(same, seccomp));
  EXPECT_EQ(same.pointer, "/linux/seccomp/syscalls/0");
  Error alias = error_of("stat", EPERM);
  EXPECT_TRUE(blame_filter(alias, seccomp));
  Error other_errno = error_of("capset", EINVAL);
  EXPECT_FALSE(blame_filter(other_errno, seccomp));
  EXPECT_EQ(other_errno.pointer, "/process");
  Error other_call = error_of("execve", EPERM);
  EXPECT_FALSE(blame_filter(other_call, seccomp));
}

}  // namespace
}  // namespace asylum::process
