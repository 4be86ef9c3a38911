// SPDX-License-Identifier: Apache-2.0
// The fixture of tests that start whole containers through launch().
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <string>

#include "tests/kernel/init_support.h"

namespace asylum::process {

class ContainerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    REQUIRE_ROOT();
    if (!has_static_busybox()) GTEST_SKIP() << "needs busybox-static";
  }
  plan::Plan plan_for(const std::string& script) { return default_plan(root_, script); }
  std::string output_of(const plan::Plan& plan, const Hooks& hooks = {}) {
    const Outcome outcome = run_container(root_, plan, hooks);
    EXPECT_EQ(outcome.error, "");
    EXPECT_EQ(outcome.exit_code, 0) << outcome.output;
    return outcome.output;
  }
  BusyboxRoot root_;
};

}  // namespace asylum::process
