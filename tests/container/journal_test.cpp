// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/journal.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

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
  Journal journal = Journal::make(state.fd(), "web1");
  const std::vector<std::string> paths{"/a", "/a/web1"};
  journal.intend_cgroup("/sys/fs/cgroup/my mount", paths);
  const std::vector<cgroup::Directory> made{{"/a", 7}, {"/a/web1", 8}};
  journal.made_cgroup(made);
  journal.made_builder({41, 4141});
  journal.made_process({42, 4242});
  journal.intend_root({"/proc/7/ns/mnt", 99, "/my root", 5});
  journal.begin_hooks();
  journal.made_helper({43, 4343});
  journal.intend_pid_file("/tmp/pid file", ".pid.1");
  journal.made_pid_file({1, 2});

  const Ledger ledger = load_ledger(state.fd(), "web1");
  EXPECT_TRUE(ledger.is_of_this_boot);
  ASSERT_TRUE(ledger.cgroup);
  EXPECT_EQ(ledger.cgroup->mount_point, "/sys/fs/cgroup/my mount");
  EXPECT_EQ(ledger.cgroup->directory.path, "/a/web1");
  EXPECT_EQ(ledger.cgroup->directory.inode, 8U);
  ASSERT_EQ(ledger.cgroup->ancestors.size(), 1U);
  EXPECT_EQ(ledger.cgroup->ancestors[0].inode, 7U);
  EXPECT_TRUE(ledger.process_intended);
  EXPECT_EQ(ledger.builder, (ProcessIdentity{41, 4141}));
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
  EXPECT_TRUE(load_ledger(state.fd(), "web1").committed);
}

TEST(Journal, IsMadeExclusively) {
  const sys::TemporaryDirectory state;
  const Journal journal = Journal::make(state.fd(), "web1");
  EXPECT_THROW(Journal::make(state.fd(), "web1"), Error);
}

TEST(Journal, WithoutAnEffectNothingIsWritten) {
  const sys::TemporaryDirectory state;
  const Journal journal = Journal::make(state.fd(), "web1");
  EXPECT_EQ(sys::read_file_at(state.fd(), kJournalName), "");
  EXPECT_TRUE(load_ledger(state.fd(), "web1").is_of_this_boot);
}

TEST(Ledger, NoJournalIsNoEffect) {
  const sys::TemporaryDirectory state;
  const Ledger ledger = load_ledger(state.fd(), "web1");
  EXPECT_FALSE(ledger.cgroup || ledger.init || ledger.pid_file || ledger.committed);
}

TEST(Ledger, ALoneIntentHasNoIdentity) {
  const Ledger ledger =
      read_ledger(journal_of("intent cgroup /sys/fs/cgroup /web1\n"), kBoot, "web1");
  ASSERT_TRUE(ledger.cgroup);
  EXPECT_EQ(ledger.cgroup->directory.inode, 0U);
  EXPECT_FALSE(ledger.process_intended);
}

TEST(Ledger, AnAbandonedCgroupIsNobodysButItsOwners) {
  const Ledger ledger = read_ledger(
      journal_of("intent cgroup-parent /m /a\nintent cgroup /m /a/c\nabandoned cgroup /a/c\n"),
      kBoot, "web1");
  EXPECT_EQ(ledger.cgroup->directory.path, "");
}

TEST(Ledger, ATornRecordIsAnIntentOnly) {
  const Ledger ledger = read_ledger(
      journal_of("intent cgroup /sys/fs/cgroup /web1\nmade cgroup /web1 12"), kBoot, "web1");
  EXPECT_EQ(ledger.cgroup->directory.inode, 0U);
}

TEST(Ledger, RepeatedIntentsAreOneAncestor) {
  const Ledger ledger =
      read_ledger(journal_of("intent cgroup-parent /m /a\nintent cgroup /m /a/c\n"
                             "intent cgroup-parent /m /a\nintent cgroup /m /a/c\n"),
                  kBoot, "web1");
  EXPECT_EQ(ledger.cgroup->ancestors.size(), 1U);
}

TEST(Ledger, WhatIsNoJournalIsDamaged) {
  EXPECT_NE(read_ledger("{\"half", kBoot, "web1").damage, "");
  EXPECT_EQ(read_ledger("", kBoot, "web1").damage, "");
  EXPECT_EQ(read_ledger(journal_of(""), kBoot, "web1").damage, "");
}

TEST(Ledger, OfADamagedJournalTheLegibleLinesCount) {
  const Ledger ledger =
      read_ledger(journal_of("made process 42 7\nmade  helper\ncommitted\n"), kBoot, "web1");
  EXPECT_NE(ledger.damage, "");
  EXPECT_EQ(ledger.init, (ProcessIdentity{42, 7}));
  EXPECT_TRUE(ledger.committed);
}

TEST(Ledger, ACommitWithoutAProcessIsDamage) {
  EXPECT_NE(read_ledger(journal_of("committed\n"), kBoot, "web1").damage, "");
}

// A copied state directory: what its journal names is another's, and lives.
TEST(Ledger, NothingOfAnothersJournalCounts) {
  const std::string text = cat("asylum-journal 1 ", kBoot, " web1\nmade process 42 7\ncommitted\n");
  EXPECT_EQ(read_ledger(text, kBoot, "web1").damage, "");
  const Ledger foreign = read_ledger(text, kBoot, "web2");
  EXPECT_NE(foreign.damage, "");
  EXPECT_FALSE(foreign.init);
  EXPECT_FALSE(foreign.committed);
}

TEST(Ledger, AFileThatCannotBeReadIsDamage) {
  const sys::TemporaryDirectory state;
  ASSERT_EQ(::mkdirat(state.fd(), kJournalName, 0700), 0);
  EXPECT_NE(load_ledger(state.fd(), "web1").damage, "");
  ASSERT_EQ(::unlinkat(state.fd(), kJournalName, AT_REMOVEDIR), 0);
  ASSERT_EQ(::mkfifoat(state.fd(), kJournalName, 0600), 0);
  EXPECT_NE(load_ledger(state.fd(), "web1").damage, "");
  ASSERT_EQ(::unlinkat(state.fd(), kJournalName, 0), 0);
  ASSERT_EQ(::symlinkat("/dev/zero", state.fd(), kJournalName), 0);
  EXPECT_NE(load_ledger(state.fd(), "web1").damage, "");
}

// A journal whose paths have more than a mebibyte, as a config may ask for.
TEST(Ledger, ALargeOneIsRead) {
  const sys::TemporaryDirectory state;
  state.write(kJournalName, cat(journal_of(cat("made teleporter ", std::string(3U << 20, 'x'))),
                                "\nmade process 42 7\n"));
  const Ledger ledger = load_ledger(state.fd(), "web1");
  EXPECT_EQ(ledger.damage, "");
  EXPECT_EQ(ledger.init, (ProcessIdentity{42, 7}));
}

TEST(Ledger, AnotherBootMeansNothingAnyMore) {
  const Ledger ledger = read_ledger(journal_of("made process 1 1\n"), "another", "web1");
  EXPECT_FALSE(ledger.is_of_this_boot);
}

TEST(Ledger, RecordsOfALaterVersionAreKeptApart) {
  const Ledger ledger =
      read_ledger(journal_of("made process 1 1\nmade teleporter 7\ncommitted\n"), kBoot, "web1");
  EXPECT_THAT(ledger.unknown, ElementsAre("made teleporter"));
  EXPECT_TRUE(ledger.committed);
}

}  // namespace
}  // namespace asylum::container
