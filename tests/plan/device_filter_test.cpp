// SPDX-License-Identifier: Apache-2.0
#include "runtime/plan/resources/device_filter.h"

#include <gtest/gtest.h>

#include <random>

#include "runtime/plan/types/cgroup.h"
#include "tests/plan/evaluate_filter.h"

namespace asylum::plan::test {
namespace {

constexpr std::uint32_t kBlock = 1, kCharacter = 2;
constexpr std::uint32_t kMknod = 1, kRead = 2, kWrite = 4;
constexpr DeviceRule kDenyAll = {false, DeviceClass::any, std::nullopt, std::nullopt, 7};

bool allows(const std::vector<DeviceRule>& rules, const DeviceAccess& request) {
  const auto program = device_filter_program(rules);
  EXPECT_TRUE(unreachable(program).empty()) << "the verifier refuses dead instructions";
  const auto result = evaluate(program, request);
  EXPECT_TRUE(result.has_value()) << "not a valid program";
  return result == 1U;
}

TEST(DeviceFilter, DeniesWhatNoRuleNames) {
  EXPECT_FALSE(allows({}, {kBlock, 8, 0, kRead}));
  EXPECT_FALSE(allows({kDenyAll}, {kBlock, 8, 0, kRead}));
  EXPECT_FALSE(allows({kDenyAll}, {kCharacter, 10, 229, kRead | kWrite}));
}

TEST(DeviceFilter, KeepsTheStandardDevicesUsable) {
  for (const std::uint32_t minor : {3U, 5U, 7U, 8U, 9U}) {
    EXPECT_TRUE(allows({kDenyAll}, {kCharacter, 1, minor, kRead | kWrite | kMknod})) << minor;
  }
  EXPECT_TRUE(allows({kDenyAll}, {kCharacter, 5, 0, kRead | kWrite}));
  EXPECT_TRUE(allows({kDenyAll}, {kCharacter, 5, 2, kRead | kWrite}));
  EXPECT_TRUE(allows({kDenyAll}, {kCharacter, 136, 77, kRead | kWrite}));
  EXPECT_TRUE(allows({kDenyAll}, {kCharacter, 10, 200, kRead | kWrite}));
  EXPECT_FALSE(allows({kDenyAll}, {kBlock, 1, 3, kRead})) << "a RAM disk has null's numbers";
  EXPECT_FALSE(allows({kDenyAll}, {kCharacter, 1, 1, kRead})) << "/dev/mem";
}

TEST(DeviceFilter, LetsNodesBeMadeButNotOpened) {
  EXPECT_TRUE(allows({kDenyAll}, {kBlock, 8, 0, kMknod}));
  EXPECT_FALSE(allows({kDenyAll}, {kBlock, 8, 0, kMknod | kRead}));
}

TEST(DeviceFilter, GivesLaterRulesTheLastWord) {
  const DeviceRule allow_sd = {true, DeviceClass::block, 8, std::nullopt, kRead | kWrite};
  const DeviceRule deny_sda = {false, DeviceClass::block, 8, 0, kWrite};
  const std::vector<DeviceRule> rules = {kDenyAll, allow_sd, deny_sda};
  EXPECT_TRUE(allows(rules, {kBlock, 8, 1, kRead | kWrite}));
  EXPECT_TRUE(allows(rules, {kBlock, 8, 0, kRead}));
  EXPECT_FALSE(allows(rules, {kBlock, 8, 0, kWrite}));
  EXPECT_FALSE(allows(rules, {kBlock, 8, 0, kRead | kWrite}));
  EXPECT_TRUE(allows({kDenyAll, deny_sda, allow_sd}, {kBlock, 8, 0, kWrite}));
}

TEST(DeviceFilter, AddsTheAccessOfSeveralRules) {
  const std::vector<DeviceRule> rules = {kDenyAll,
                                         {true, DeviceClass::character, 10, 229, kRead},
                                         {true, DeviceClass::character, 10, 229, kWrite}};
  EXPECT_TRUE(allows(rules, {kCharacter, 10, 229, kRead | kWrite}));
}

TEST(DeviceFilter, LetsADenyAllTakeBackWhatWasAllowed) {
  const DeviceRule kvm = {true, DeviceClass::character, 10, 232, 7};
  EXPECT_FALSE(allows({kvm, kDenyAll}, {kCharacter, 10, 232, kRead}));
}

TEST(DeviceFilter, AllowsAllForAPrivilegedContainer) {
  const DeviceRule allow_all = {true, DeviceClass::any, std::nullopt, std::nullopt, 7};
  EXPECT_TRUE(allows({kDenyAll, allow_all}, {kBlock, 8, 0, kRead | kWrite | kMknod}));
}

TEST(DeviceFilter, TakesNumbersOverTheSignBitAsTheyAre) {
  const DeviceRule high = {true, DeviceClass::character, 0xfffffff0, 0x80000000, 7};
  EXPECT_TRUE(allows({kDenyAll, high}, {kCharacter, 0xfffffff0, 0x80000000, kRead}));
  EXPECT_FALSE(allows({kDenyAll, high}, {kCharacter, 0xfffffff0, 0x7fffffff, kRead}));
}

// The header's sentence as a program: each bit is decided by the last rule that names it.
bool model(const std::vector<DeviceRule>& configured, const DeviceAccess& request) {
  std::vector<DeviceRule> rules = configured;
  rules.insert(rules.end(), always_allowed_devices().begin(), always_allowed_devices().end());
  for (const std::uint32_t bit : {kMknod, kRead, kWrite}) {
    if ((request.access & bit) == 0) continue;
    bool allowed = false;
    for (const DeviceRule& rule : rules) {
      const DeviceClass type = request.type == kBlock ? DeviceClass::block : DeviceClass::character;
      const bool matches = (rule.type == DeviceClass::any || rule.type == type) &&
                           rule.major.value_or(request.major) == request.major &&
                           rule.minor.value_or(request.minor) == request.minor &&
                           (rule.access & bit) != 0;
      if (matches) allowed = rule.allow;
    }
    if (!allowed) return false;
  }
  return true;
}

TEST(DeviceFilter, AgreesWithTheModelOnRandomRules) {
  std::mt19937 random(20260822);
  const auto pick = [&](std::uint32_t below) {
    return static_cast<std::uint32_t>(random() % below);
  };
  for (int round = 0; round < 2000; ++round) {
    std::vector<DeviceRule> rules;
    for (std::uint32_t i = pick(8); i > 0; --i) {
      DeviceRule rule{pick(2) == 0, static_cast<DeviceClass>(pick(3)), std::nullopt, std::nullopt,
                      pick(8)};
      if (pick(3) != 0) rule.major = pick(3);
      if (pick(3) != 0) rule.minor = pick(3);
      rules.push_back(rule);
    }
    const DeviceAccess request{1 + pick(2), pick(3), pick(3), 1 + pick(7)};
    ASSERT_EQ(allows(rules, request), model(rules, request)) << "round " << round;
  }
}

TEST(DeviceFilter, KnowsTheKernelsEncoding) {
  // r5 = *(u32 *)(r1 + 0), then the exits: taken from struct bpf_insn on x86-64.
  const auto program = device_filter_program({});
  EXPECT_EQ(program.front(), 0x0000000000001561U);
  EXPECT_EQ(program.back(), 0x0000000000000095U);
}

}  // namespace
}  // namespace asylum::plan::test
