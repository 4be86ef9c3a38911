// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/process/argument_area.h"

#include <array>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

namespace asylum::sys {
namespace {

using std::string_view_literals::operator""sv;

/// Strings one behind the other, as execve lays them out.
class ArgumentArea : public ::testing::Test {
 protected:
  ArgumentArea() { remember_argument_area(3, argv_.data(), environment_.data()); }
  ~ArgumentArea() override {
    static char* const none[] = {nullptr};
    remember_argument_area(0, none, none);
  }

  std::string memory_ = std::string("prog\0--env\0KEY=secret\0A=1\0B=22\0/the/program\0"sv);
  std::array<char*, 4> argv_{memory_.data(), memory_.data() + 5, memory_.data() + 11, nullptr};
  std::array<char*, 3> environment_{memory_.data() + 22, memory_.data() + 26, nullptr};
};

TEST_F(ArgumentArea, APartIsWipedAndItsNeighboursStay) {
  wipe_argument(std::string_view(argv_[2]).substr(4));
  EXPECT_EQ(memory_, "prog\0--env\0KEY=\0\0\0\0\0\0\0A=1\0B=22\0/the/program\0"sv);
}

TEST_F(ArgumentArea, AllArgumentsAreWipedButNoVariable) {
  wipe_argument_area();
  EXPECT_EQ(memory_, std::string(22, '\0') + std::string("A=1\0B=22\0/the/program\0"sv));
}

TEST_F(ArgumentArea, AllVariablesAreWipedButNoArgument) {
  wipe_environment_area();
  EXPECT_EQ(memory_, "prog\0--env\0KEY=secret\0\0\0\0\0\0\0\0\0\0/the/program\0"sv);
}

TEST_F(ArgumentArea, AllIsWipedAfterAPartWas) {
  wipe_argument(argv_[2]);
  wipe_argument_area();
  EXPECT_EQ(memory_.substr(0, 22), std::string(22, '\0'));
}

TEST_F(ArgumentArea, WhatLiesElsewhereIsNotTouched) {
  const std::string elsewhere = "KEY=secret";
  wipe_argument(elsewhere);
  wipe_argument(environment_[1]);
  wipe_argument(std::string_view(argv_[2], 14));  // reaches into the variables
  EXPECT_EQ(elsewhere, "KEY=secret");
  EXPECT_EQ(memory_, "prog\0--env\0KEY=secret\0A=1\0B=22\0/the/program\0"sv);
}

TEST(NoArgumentArea, NothingIsWiped) {
  wipe_argument("x");
  wipe_argument_area();
  wipe_environment_area();
}

}  // namespace
}  // namespace asylum::sys
