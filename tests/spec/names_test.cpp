// SPDX-License-Identifier: Apache-2.0
// The numbers of ours against the kernel's headers, which spec/ itself must not include.
#include "spec/names.h"

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <sys/resource.h>

namespace asylum::spec {
namespace {

TEST(Names, CapabilitiesHaveTheKernelsNumbers) {
  EXPECT_EQ(capability_number("CAP_CHOWN"), CAP_CHOWN);
  EXPECT_EQ(capability_number("CAP_SYS_ADMIN"), CAP_SYS_ADMIN);
  EXPECT_EQ(capability_number("CAP_NET_RAW"), CAP_NET_RAW);
  EXPECT_EQ(capability_number("CAP_SETFCAP"), CAP_SETFCAP);
  EXPECT_EQ(capability_number("CAP_CHECKPOINT_RESTORE"), CAP_LAST_CAP);
  EXPECT_EQ(capability_names().size(), CAP_LAST_CAP + 1U);
  for (std::uint32_t number = 0; number <= CAP_LAST_CAP; ++number) {
    EXPECT_EQ(capability_number(capability_name(number)), number);
  }
  EXPECT_EQ(capability_name(41), "");
  EXPECT_FALSE(capability_number("KILL").has_value());
  EXPECT_FALSE(capability_number("cap_kill").has_value());
}

TEST(Names, LimitsHaveTheKernelsNumbers) {
  EXPECT_EQ(rlimit_number("RLIMIT_CPU"), RLIMIT_CPU);
  EXPECT_EQ(rlimit_number("RLIMIT_FSIZE"), RLIMIT_FSIZE);
  EXPECT_EQ(rlimit_number("RLIMIT_DATA"), RLIMIT_DATA);
  EXPECT_EQ(rlimit_number("RLIMIT_STACK"), RLIMIT_STACK);
  EXPECT_EQ(rlimit_number("RLIMIT_CORE"), RLIMIT_CORE);
  EXPECT_EQ(rlimit_number("RLIMIT_RSS"), RLIMIT_RSS);
  EXPECT_EQ(rlimit_number("RLIMIT_NPROC"), RLIMIT_NPROC);
  EXPECT_EQ(rlimit_number("RLIMIT_NOFILE"), RLIMIT_NOFILE);
  EXPECT_EQ(rlimit_number("RLIMIT_MEMLOCK"), RLIMIT_MEMLOCK);
  EXPECT_EQ(rlimit_number("RLIMIT_AS"), RLIMIT_AS);
  EXPECT_EQ(rlimit_number("RLIMIT_LOCKS"), RLIMIT_LOCKS);
  EXPECT_EQ(rlimit_number("RLIMIT_SIGPENDING"), RLIMIT_SIGPENDING);
  EXPECT_EQ(rlimit_number("RLIMIT_MSGQUEUE"), RLIMIT_MSGQUEUE);
  EXPECT_EQ(rlimit_number("RLIMIT_NICE"), RLIMIT_NICE);
  EXPECT_EQ(rlimit_number("RLIMIT_RTPRIO"), RLIMIT_RTPRIO);
  EXPECT_EQ(rlimit_number("RLIMIT_RTTIME"), RLIMIT_RTTIME);
  EXPECT_EQ(rlimit_names().size(), std::size_t{RLIM_NLIMITS});
}

template <typename Enum>
void expect_each_word_to_come_back() {
  for (const auto& row : words<Enum>()) {
    const auto value = value_of<Enum>(row.word);
    ASSERT_TRUE(value.has_value());
    EXPECT_EQ(*value, row.value);
    EXPECT_EQ(value_of<Enum>(word_of(*value)), row.value);
  }
  EXPECT_FALSE(value_of<Enum>("no such word").has_value());
}

TEST(Names, WordsAndValuesMatch) {
  expect_each_word_to_come_back<NamespaceType>();
  expect_each_word_to_come_back<PropagationChange>();
  expect_each_word_to_come_back<DeviceType>();
  expect_each_word_to_come_back<DeviceRuleType>();
  expect_each_word_to_come_back<MemoryPolicyMode>();
  expect_each_word_to_come_back<MemoryPolicyFlag>();
  expect_each_word_to_come_back<PersonalityDomain>();
  expect_each_word_to_come_back<SchedulerPolicy>();
  expect_each_word_to_come_back<SchedulerFlag>();
  expect_each_word_to_come_back<IoPriorityClass>();
  expect_each_word_to_come_back<SeccompAction>();
  expect_each_word_to_come_back<SeccompFlag>();
  expect_each_word_to_come_back<SeccompOperator>();
  expect_each_word_to_come_back<SeccompArch>();
  EXPECT_EQ(word_of(SeccompAction::kill_thread), "SCMP_ACT_KILL");
}

}  // namespace
}  // namespace asylum::spec
