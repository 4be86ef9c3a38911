// SPDX-License-Identifier: Apache-2.0
// What a config says of the program's safety, and what a command line says in confidence.
#include "runtime/cli/commands/protect.h"
#include "runtime/cli/commands/commands.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "runtime/cli/options/parser.h"

namespace asylum::cli {
namespace {

spec::Spec with_namespaces(std::vector<spec::Namespace> namespaces) {
  spec::Spec spec;
  spec.linux.namespaces = std::move(namespaces);
  return spec;
}

TEST(FactsOf, OnlyANewNamespaceCounts) {
  const auto fresh = with_namespaces({{NamespaceType::mount, ""}});
  EXPECT_TRUE(facts_of(fresh).own_mount_namespace);
  const auto joined = with_namespaces({{NamespaceType::mount, "/proc/1/ns/mnt"}});
  EXPECT_FALSE(facts_of(joined).own_mount_namespace);
}

TEST(FactsOf, AUserNamespaceCountsWithTheMapsThatItNames) {
  auto spec = with_namespaces({{NamespaceType::user, ""}});
  EXPECT_FALSE(facts_of(spec).own_user_namespace);
  spec.linux.uid_mappings = {{0, 1000, 10}};
  EXPECT_TRUE(facts_of(spec).own_user_namespace);
  ASSERT_EQ(facts_of(spec).mapped_uids.size(), 1U);
  EXPECT_EQ(facts_of(spec).mapped_uids[0].first, 1000U);
  EXPECT_EQ(facts_of(spec).mapped_uids[0].count, 10U);
}

std::vector<std::string_view> confidential_in(std::vector<std::string_view> words) {
  Arguments arguments;
  parse(words, commands(), arguments);
  return arguments.confidential;
}

TEST(Confidential, TheValuesOfVariables) {
  using Parts = std::vector<std::string_view>;
  EXPECT_EQ(confidential_in({"exec", "--env", "A=b=c", "c1", "sh"}), (Parts{"b=c"}));
  EXPECT_EQ(confidential_in({"exec", "--env=A=b", "-eC=d", "c1", "sh"}), (Parts{"b", "d"}));
  EXPECT_EQ(confidential_in({"exec", "-e", "secret", "c1", "sh"}), (Parts{"secret"}));
  EXPECT_EQ(confidential_in({"exec", "c1", "sh", "--env", "A=b"}), (Parts{}));
}

}  // namespace
}  // namespace asylum::cli
