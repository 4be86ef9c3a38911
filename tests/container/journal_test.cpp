// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/journal.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::container {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr char kBoot[] = "5f0f7cf8-0000-0000-0000-000000000001";

std::string journal_of(std::string_view lines) {
  return cat("asylum-journal 1 ", kBoot, "\n", lines);
}

TEST(Journal, WhatIsWrittenIsRead) {
  const sys::TemporaryDirectory state;
  Journal journal = Journal::make(state.fd());
  const std::vector<std::string> paths{"/a", "/a/web1"};
  journal.intend_cgroup("/sys/fs/cgroup/my mount", paths);
  const std::vector<cgroup::Directory> made{{"/a", 7}, {"/a/web1", 8}};
  journal.made_cgroup(made);
  journal.made_process({42, 4242});
  journal.intend_root({"/proc/7/ns/mnt", 99, "/my root", 5});
  journal.begin_hooks();
  journal.made_helper({43, 4343});
  journal.intend_pid_file("/tmp/pid file", ".pid.1");
  journal.made_pid_file({1, 2});

  const Ledger ledger = load_ledger(state.fd());
  EXPECT_TRUE(ledger.is_of_this_boot);
  ASSERT_TRUE(ledger.cgroup);
  EXPECT_EQ(ledger.cgroup->mount_point, "/sys/fs/cgroup/my mount");
  EXPECT_EQ(ledger.cgroup->directory.path, "/a/web1");
  EXPECT_EQ(ledger.cgroup->directory.inode, 8U);
  ASSERT_EQ(ledger.cgroup->ancestors.size(), 1U);
  EXPECT_EQ(ledger.cgroup->ancestors[0].inode, 7U);
  EXPECT_TRUE(ledger.process_intended);
  EXPECT_EQ(ledger.init, (ProcessIdentity{42, 4242}));
  EXPECT_THAT(ledger.helpers, ElementsAre(ProcessIdentity{43, 4343}));
  ASSERT_TRUE(ledger.root);
  EXPECT_EQ(ledger.root->mount_namespace, "/proc/7/ns/mnt");
  EXPECT_EQ(ledger.root->namespace_id, 99U);
  EXPECT_EQ(ledger.root->path, "/my root");
  EXPECT_EQ(ledger.root->mount_id, 5U);
  EXPECT_TRUE(ledger.hooks_begun);
  ASSERT_TRUE(ledger.pid_file);
  EXPECT_EQ(ledger.pid_file->path, "/tmp/pid file");
  EXPECT_EQ(ledger.pid_file->made, (sys::FileIdentity{1, 2}));
  EXPECT_FALSE(ledger.committed);
  EXPECT_THAT(ledger.unknown, IsEmpty());
  journal.commit();
  EXPECT_TRUE(load_ledger(state.fd()).committed);
}

TEST(Journal, IsMadeExclusively) {
  const sys::TemporaryDirectory state;
  const Journal journal = Journal::make(state.fd());
  EXPECT_THROW(Journal::make(state.fd()), Error);
}

TEST(Journal, WithoutAnEffectNothingIsWritten) {
  const sys::TemporaryDirectory state;
  const Journal journal = Journal::make(state.fd());
  EXPECT_EQ(sys::read_file_at(state.fd(), kJournalName), "");
  EXPECT_TRUE(load_ledger(state.fd()).is_of_this_boot);
}

TEST(Ledger, NoJournalIsNoEffect) {
  const sys::TemporaryDirectory state;
  const Ledger ledger = load_ledger(state.fd());
  EXPECT_FALSE(ledger.cgroup || ledger.init || ledger.pid_file || ledger.committed);
}

TEST(Ledger, ALoneIntentHasNoIdentity) {
  const Ledger ledger = read_ledger(journal_of("intent cgroup /sys/fs/cgroup /web1\n"), kBoot);
  ASSERT_TRUE(ledger.cgroup);
  EXPECT_EQ(ledger.cgroup->directory.inode, 0U);
  EXPECT_FALSE(ledger.process_intended);
}

TEST(Ledger, AnAbandonedCgroupIsNobodysButItsOwners) {
  const Ledger ledger = read_ledger(
      journal_of("intent cgroup-parent /m /a\nintent cgroup /m /a/c\nabandoned cgroup /a/c\n"),
      kBoot);
  EXPECT_EQ(ledger.cgroup->directory.path, "");
}

TEST(Ledger, ATornRecordIsAnIntentOnly) {
  const Ledger ledger =
      read_ledger(journal_of("intent cgroup /sys/fs/cgroup /web1\nmade cgroup /web1 12"), kBoot);
  EXPECT_EQ(ledger.cgroup->directory.inode, 0U);
}

TEST(Ledger, RepeatedIntentsAreOneAncestor) {
  const Ledger ledger =
      read_ledger(journal_of("intent cgroup-parent /m /a\nintent cgroup /m /a/c\n"
                             "intent cgroup-parent /m /a\nintent cgroup /m /a/c\n"),
                  kBoot);
  EXPECT_EQ(ledger.cgroup->ancestors.size(), 1U);
}

TEST(Ledger, WhatIsNoJournalIsDamaged) {
  EXPECT_TRUE(read_ledger("{\"half", kBoot).is_damaged);
  EXPECT_FALSE(read_ledger("", kBoot).is_damaged);
  EXPECT_FALSE(read_ledger(journal_of(""), kBoot).is_damaged);
}

TEST(Ledger, AnotherBootMeansNothingAnyMore) {
  const Ledger ledger = read_ledger(journal_of("made process 1 1\n"), "another");
  EXPECT_FALSE(ledger.is_of_this_boot);
}

TEST(Ledger, RecordsOfALaterVersionAreKeptApart) {
  const Ledger ledger = read_ledger(journal_of("made teleporter 7\ncommitted\n"), kBoot);
  EXPECT_THAT(ledger.unknown, ElementsAre("made teleporter"));
  EXPECT_TRUE(ledger.committed);
}

}  // namespace
}  // namespace asylum::container
