// SPDX-License-Identifier: Apache-2.0
// Replay of a journal: it ends and removes what bears the recorded identity, and nothing else.
// (Cgroups: tests/kernel.)
#include "runtime/container/state/undo.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/container/state/pid_file.h"
#include "runtime/container/state/status.h"
#include "runtime/process/both/start_gate.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/procfs.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::container {
namespace {

sys::Deadline soon() {
  return sys::Deadline::after_ms(5000);
}

/// A process that waits to be killed.
class Sleeper {
 public:
  Sleeper() : pid_(::fork()) {
    if (pid_ == 0) {
      ::pause();
      ::_exit(0);
    }
    const sys::Procfs proc = sys::Procfs::open_host();
    identity_ = {pid_, sys::start_time_of(proc.root(), pid_).value_or(0)};
  }
  ~Sleeper() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  Sleeper(const Sleeper&) = delete;
  Sleeper& operator=(const Sleeper&) = delete;
  const ProcessIdentity& identity() const { return identity_; }
  bool lives() const { return ::kill(pid_, 0) == 0 && is_alive(identity_); }

 private:
  pid_t pid_;
  ProcessIdentity identity_;
};

class UndoTest : public ::testing::Test {
 protected:
  void undo() { undo_effects(state_.fd(), load_ledger(state_.fd(), "web1"), soon()); }
  sys::TemporaryDirectory state_;
  sys::TemporaryDirectory elsewhere_;
  Journal journal_ = Journal::make(state_.fd(), "web1");
};

TEST_F(UndoTest, KillsInitAndHelpersAndReapsThem) {
  const Sleeper init;
  const Sleeper helper;
  journal_.intend_process();
  journal_.made_process(init.identity());
  journal_.made_helper(helper.identity());
  undo();
  EXPECT_FALSE(init.lives());
  EXPECT_FALSE(helper.lives());
  EXPECT_FALSE(try_open_process(init.identity())) << "not reaped";
}

TEST_F(UndoTest, KillsABuilderThatHasNoInitYetAndOneThatHas) {
  const Sleeper builder;
  journal_.intend_process();
  journal_.made_builder(builder.identity());
  undo();
  EXPECT_FALSE(builder.lives());
  EXPECT_FALSE(try_open_process(builder.identity())) << "not reaped";
  const Sleeper second;
  const Sleeper init;
  journal_.made_builder(second.identity());
  journal_.made_process(init.identity());
  undo();
  EXPECT_FALSE(second.lives());
  EXPECT_FALSE(init.lives());
}

TEST_F(UndoTest, APidThatNowBelongsToAnotherIsLeftAlone) {
  const Sleeper other;
  journal_.intend_process();
  journal_.made_process({other.identity().pid, other.identity().start_time_ticks - 1});
  journal_.made_helper({other.identity().pid, other.identity().start_time_ticks + 1});
  undo();
  EXPECT_TRUE(other.lives());
}

TEST_F(UndoTest, AJournalOfAnotherBootKillsNobody) {
  const Sleeper other;
  undo_effects(state_.fd(),
               read_ledger(cat("asylum-journal 1 another-boot\nmade process ", other.identity().pid,
                               " ", other.identity().start_time_ticks, "\n"),
                           "this-boot", "web1"),
               soon());
  EXPECT_TRUE(other.lives());
}

TEST_F(UndoTest, CanBeRepeated) {
  const Sleeper init;
  journal_.made_process(init.identity());
  undo();
  EXPECT_NO_THROW(undo());
}

TEST_F(UndoTest, RemovesThePidFileOfAnUncommittedCreate) {
  write_pid_file(cat(elsewhere_.path(), "/pid"), 42, &journal_);
  EXPECT_EQ(sys::read_file_at(elsewhere_.fd(), "pid"), "42");
  EXPECT_EQ(sys::list_directory(elsewhere_.fd()).size(), 1U);
  undo();
  EXPECT_TRUE(sys::list_directory(elsewhere_.fd()).empty());
}

TEST_F(UndoTest, KeepsThePidFileOfACommittedCreate) {
  write_pid_file(cat(elsewhere_.path(), "/pid"), 42, &journal_);
  journal_.commit();
  undo();
  EXPECT_TRUE(elsewhere_.exists("pid"));
}

TEST_F(UndoTest, KeepsAPidFileThatAnotherHasReplaced) {
  write_pid_file(cat(elsewhere_.path(), "/pid"), 42, &journal_);
  sys::replace_file_at(elsewhere_.fd(), "pid", "43", 0644);
  undo();
  EXPECT_EQ(sys::read_file_at(elsewhere_.fd(), "pid"), "43");
}

TEST_F(UndoTest, RemovesATemporaryPidFileOfALoneIntent) {
  elsewhere_.write("pid", "theirs");
  elsewhere_.write(".pid.0011", "4");
  journal_.intend_pid_file(cat(elsewhere_.path(), "/pid"), ".pid.0011");
  undo();
  EXPECT_FALSE(elsewhere_.exists(".pid.0011"));
  EXPECT_TRUE(elsewhere_.exists("pid"));
}

TEST_F(UndoTest, WaitsForAnInitThatNobodyCouldRecord) {
  process::GateEnds gate = process::make_gate(state_.fd());
  sys::Pipe leave = sys::make_pipe();
  const pid_t init = ::fork();
  ASSERT_GE(init, 0);
  if (init == 0) {
    leave.write_end.reset();
    char byte = 0;
    static_cast<void>(!::read(leave.read_end.get(), &byte, 1));
    ::_exit(0);
  }
  gate = {};
  journal_.intend_process();
  const Ledger ledger = load_ledger(state_.fd(), "web1");
  EXPECT_THROW(undo_effects(state_.fd(), ledger, sys::Deadline::after_ms(50)), Error);
  leave.write_end.reset();  // what the end of its channel does to a real one
  EXPECT_NO_THROW(undo_effects(state_.fd(), ledger, soon()));
  ::waitpid(init, nullptr, 0);
}

TEST_F(UndoTest, APidFilesDirectoryMayBeGone) {
  journal_.intend_pid_file("/no/such/directory/pid", ".pid.1");
  journal_.made_pid_file({1, 2});
  EXPECT_NO_THROW(undo());
}

}  // namespace
}  // namespace asylum::container
