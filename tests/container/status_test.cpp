// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/status.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/container/state/container_lock.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/procfs.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::container {
namespace {

TEST(DecideStatus, Table) {
  struct Row {
    StatusFacts facts;  // committed, locked, at_gate, alive, frozen
    Status status;
  };
  const Row rows[] = {
      {{false, true, false, false, false}, Status::creating},
      {{false, true, true, true, false}, Status::creating},
      {{false, false, false, false, false}, Status::stopped},
      {{false, false, true, true, false}, Status::stopped},  // killed create: never counts as made
      {{true, false, true, true, false}, Status::created},
      {{true, false, true, true, true}, Status::paused},
      {{true, true, true, true, false}, Status::created},  // a start that waits for something
      {{true, false, false, true, false}, Status::running},
      {{true, false, false, true, true}, Status::paused},
      {{true, true, false, true, false}, Status::running},
      {{true, false, false, false, false}, Status::stopped},
      {{true, false, false, false, true}, Status::stopped},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(decide_status(row.facts), row.status)
        << "row " << &row - rows << ": " << name_of(decide_status(row.facts));
  }
}

ProcessIdentity identity_of(pid_t pid) {
  const sys::Procfs proc = sys::Procfs::open_host();
  return {pid, sys::start_time_of(proc.root(), pid).value_or(0)};
}

TEST(ProcessIdentity, IsPidAndStartTime) {
  const ProcessIdentity ours = identity_of(::getpid());
  EXPECT_TRUE(is_alive(ours));
  EXPECT_TRUE(try_open_process(ours));
  const ProcessIdentity reused{ours.pid, ours.start_time_ticks + 1};
  EXPECT_FALSE(is_alive(reused));
  EXPECT_FALSE(try_open_process(reused));
  EXPECT_FALSE(is_alive({0, 0}));
  EXPECT_FALSE(try_open_process({-1, 0}));
}

TEST(ProcessIdentity, AZombieIsNotAlive) {
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) ::_exit(0);
  siginfo_t info{};
  ASSERT_EQ(::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
  EXPECT_FALSE(is_alive(identity_of(child)));
  ::waitpid(child, nullptr, 0);
}

TEST(Observe, AnEmptyDirectoryIsAnInterruptedCreate) {
  const sys::TemporaryDirectory state;
  const Observation seen = observe(state.fd(), "web1");
  EXPECT_EQ(seen.status, Status::stopped);
  EXPECT_TRUE(seen.interrupted);
  EXPECT_EQ(seen.pid(), 0);
}

TEST(Observe, HalfRemovedFilesAreNoContainer) {
  const sys::TemporaryDirectory state;
  state.write(kJournalName, "asylum-journal 1 another-boot\ncommitted\n");  // and no record
  EXPECT_TRUE(observe(state.fd(), "web1").is_damaged());
  EXPECT_FALSE(observe(state.fd(), "web1").is_leaving);
  ASSERT_EQ(::fchmod(state.fd(), 01700), 0);
  EXPECT_TRUE(observe(state.fd(), "web1").is_leaving);
  EXPECT_THROW(static_cast<void>(observe_existing(state.fd(), "web1")), Error);
}

// Either of the two finds the processes when the other is lost.
TEST(Observe, TheRecordNamesTheCgroupWhenTheJournalIsLost) {
  const sys::TemporaryDirectory state;
  state.write(kRecordName,
              "asylum-record 1\nid web1\ncgroup " + boot_id() + " /m /a/web1 7 /a 6\n");
  const Observation seen = observe(state.fd(), "web1");
  EXPECT_EQ(seen.damage, "its journal is missing");
  ASSERT_TRUE(seen.ledger.cgroup);
  EXPECT_EQ(seen.ledger.cgroup->directory.inode, 7U);
}

TEST(Observe, ACgroupOfAnotherBootIsNobodys) {
  const sys::TemporaryDirectory state;
  state.write(kRecordName, "asylum-record 1\nid web1\ncgroup another-boot /m /a/web1 7\n");
  EXPECT_FALSE(observe(state.fd(), "web1").ledger.cgroup);
}

TEST(Observe, NoFileOfTheDirectoryMakesItFail) {
  for (const char* name : {"lock", kRecordName, kJournalName, "go", "answer"}) {
    const sys::TemporaryDirectory state;
    ASSERT_EQ(::mkfifoat(state.fd(), name, 0600), 0);
    EXPECT_NO_THROW(static_cast<void>(observe(state.fd(), "web1"))) << name;
    ASSERT_EQ(::unlinkat(state.fd(), name, 0), 0);
    ASSERT_EQ(::mkdirat(state.fd(), name, 0700), 0);
    EXPECT_NO_THROW(static_cast<void>(observe(state.fd(), "web1"))) << name;
    ASSERT_EQ(::unlinkat(state.fd(), name, AT_REMOVEDIR), 0);
    ASSERT_EQ(::symlinkat(name, state.fd(), name), 0);
    EXPECT_NO_THROW(static_cast<void>(observe(state.fd(), "web1"))) << name;
  }
}

TEST(Observe, AJournalOfAnotherBootIsAStoppedContainer) {
  const sys::TemporaryDirectory state;
  const ProcessIdentity ours = identity_of(::getpid());
  state.write(kJournalName, "asylum-journal 1 another-boot\nmade process " +
                                std::to_string(ours.pid) + " " +
                                std::to_string(ours.start_time_ticks) + "\ncommitted\n");
  const Observation seen = observe(state.fd(), "web1");
  EXPECT_EQ(seen.status, Status::stopped);
  EXPECT_FALSE(seen.interrupted);
}

TEST(Observe, ALiveHolderOfTheLockIsCreating) {
  const sys::TemporaryDirectory state;
  sys::Pipe ready = sys::make_pipe();
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    const auto lock = ContainerLock::try_make(state.fd(), "web1");
    static_cast<void>(!::write(ready.write_end.get(), "x", 1));
    ::pause();
    ::_exit(0);
  }
  char byte = 0;
  ASSERT_EQ(::read(ready.read_end.get(), &byte, 1), 1);
  EXPECT_EQ(observe(state.fd(), "web1").status, Status::creating);
  EXPECT_FALSE(observe(state.fd(), "web1").interrupted);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  EXPECT_EQ(observe(state.fd(), "web1").status, Status::stopped);
  EXPECT_TRUE(observe(state.fd(), "web1").interrupted);
}

}  // namespace
}  // namespace asylum::container
