// SPDX-License-Identifier: Apache-2.0
// One case or more for every named check, and a test that no check is without one.
#include "spec/check/validate.h"

#include <set>

#include "sound_cases.h"
#include "support.h"
#include "validate_cases.h"

namespace asylum::spec {
namespace {

class BrokenRule : public testing::TestWithParam<Broken> {};

TEST_P(BrokenRule, IsFound) {
  const Broken& broken = GetParam();
  const auto findings = findings_of(config_with(broken.members));
  EXPECT_TRUE(has(findings, broken.severity, broken.pointer, broken.text)) << to_text(findings);
}

INSTANTIATE_TEST_SUITE_P(Validate, BrokenRule, testing::ValuesIn(kBroken), [](const auto& test) {
  std::string name = cat(test.param.check, "_", test.index);
  for (char& c : name) c = c == '.' ? '_' : c;
  return name;
});

template <typename Object>
void collect(std::span<const Check<Object>> checks, std::set<std::string_view>& names) {
  for (const auto& check : checks)
    EXPECT_TRUE(names.insert(check.name).second) << check.name << " is there twice";
}

TEST(Validate, EveryCheckHasACase) {
  std::set<std::string_view> names;
  for (const auto& checks :
       {document_checks(), namespace_checks(), mount_checks(), linux_checks(), seccomp_checks()}) {
    collect(checks, names);
  }
  collect(process_checks(), names);
  collect(resource_checks(), names);
  std::set<std::string_view> tested;
  for (const Broken& broken : kBroken) tested.insert(broken.check);
  EXPECT_EQ(names, tested);
}

class SoundDocument : public testing::TestWithParam<const char*> {};

TEST_P(SoundDocument, HasNoFinding) {
  EXPECT_EQ(to_text(findings_of(config_with(GetParam()))), "");
}

INSTANTIATE_TEST_SUITE_P(Validate, SoundDocument, testing::ValuesIn(kSound));

TEST(Validate, OneObjectAloneGetsThePrefix) {
  Process process;
  process.args = {"sh"};
  process.cwd = "relative";
  EXPECT_TRUE(has(validate(process, "/x"), kError, "/x/cwd", "absolute"));
  Resources resources;
  resources.pids_limit = -7;
  EXPECT_TRUE(has(validate(resources, ""), kError, "/pids/limit", "-7"));
}

TEST(Validate, WhatIsRightButNotForUsIsUnsupported) {
  const auto findings = findings_of(config_with(R"("ociVersion":"2.0.0")"));
  ASSERT_EQ(findings.size(), 1U);
  EXPECT_EQ(findings[0].kind, ErrorKind::unsupported);
}

}  // namespace
}  // namespace asylum::spec
