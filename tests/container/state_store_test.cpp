// SPDX-License-Identifier: Apache-2.0
#include "runtime/container/state/state_store.h"

#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/container/state/container_lock.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "tests/base/thrown_by.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::container {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class StateStoreTest : public ::testing::Test {
 protected:
  sys::TemporaryDirectory base_;
  Settings settings_{cat(base_.path(), "/some/root"), true, CgroupManager::disabled};
  StateStore store_{settings_};
};

TEST(ContainerId, Rule) {
  for (const char* id : {"a", "web-1", "A_b+c.d", "...", ".hidden", "-x", "0"}) {
    EXPECT_TRUE(is_valid_id(id)) << id;
  }
  for (const char* id : {"", ".", "..", "a/b", "a b", "a\n", "@seccomp", "\xc3\xa4", "a:b", "a*"}) {
    EXPECT_FALSE(is_valid_id(id)) << id;
  }
  EXPECT_TRUE(is_valid_id(std::string(255, 'a')));
  EXPECT_FALSE(is_valid_id(std::string(256, 'a')));
  EXPECT_FALSE(is_valid_id(std::string_view("a\0", 2)));
}

TEST_F(StateStoreTest, MakesPrivateDirectories) {
  const sys::Fd directory = store_.make("web1");
  EXPECT_EQ(sys::status_of(directory.get()).st_mode & 07777U, 0700U);
  EXPECT_EQ(sys::status_of(store_.open_or_make_root().get()).st_mode & 07777U, 0700U);
}

TEST_F(StateStoreTest, AnIdIsTakenOnce) {
  const sys::Fd directory = store_.make("web1");
  const Error error = thrown_by([&] { store_.make("web1"); });
  EXPECT_EQ(error.kind, ErrorKind::already_exists);
  EXPECT_THAT(error.detail, HasSubstr("container with given ID already exists"));
}

TEST_F(StateStoreTest, RefusesWhatIsNoId) {
  EXPECT_THAT(thrown_by([&] { store_.make("../x"); }).detail,
              HasSubstr("invalid container ID format"));
  EXPECT_THAT(thrown_by([&] { store_.try_open(""); }).detail,
              HasSubstr("invalid container ID format"));
}

TEST_F(StateStoreTest, AnUnknownIdDoesNotExist) {
  const Error error = thrown_by([&] { store_.open("web1"); });
  EXPECT_EQ(error.kind, ErrorKind::not_found);
  EXPECT_EQ(error.err, ENOENT);
  EXPECT_THAT(error.detail, HasSubstr("container does not exist"));
}

TEST_F(StateStoreTest, ListsIdsOnly) {
  for (const char* id : {"b", "a"}) static_cast<void>(store_.make(id));
  const sys::Fd root = store_.open_or_make_root();
  sys::make_directory_at(root.get(), "@seccomp", 0700);
  sys::write_all(sys::open_at(root.get(), "file", O_WRONLY | O_CREAT, 0600).get(), "x");
  EXPECT_THAT(store_.ids(), ElementsAre("a", "b"));
}

TEST_F(StateStoreTest, AMissingRootIsEmptyUnlessItWasGiven) {
  EXPECT_EQ(thrown_by([&] { store_.ids(); }).err, ENOENT);
  settings_.root_given = false;
  EXPECT_THAT(store_.ids(), IsEmpty());
}

TEST_F(StateStoreTest, ALinkIsNoContainer) {
  const sys::Fd root = store_.open_or_make_root();
  ASSERT_EQ(::symlinkat("/", root.get(), "web1"), 0);
  EXPECT_THROW(store_.open("web1"), Error);
}

/// A live process that holds the lock of `directory` until it is killed.
class Holder {
 public:
  explicit Holder(int directory) {
    sys::Pipe ready = sys::make_pipe();
    pid_ = ::fork();
    if (pid_ == 0) {
      const auto lock = ContainerLock::try_make(directory, "web1");
      static_cast<void>(!::write(ready.write_end.get(), "x", 1));
      ::pause();
      ::_exit(0);
    }
    char byte = 0;
    static_cast<void>(!::read(ready.read_end.get(), &byte, 1));
  }
  ~Holder() { end(); }
  Holder(const Holder&) = delete;
  Holder& operator=(const Holder&) = delete;
  void end() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
};

TEST_F(StateStoreTest, ALiveHolderOfTheLockIsNamed) {
  const sys::Fd directory = store_.make("web1");
  Holder holder(directory.get());
  EXPECT_TRUE(is_locked(directory.get()));
  const Error error = thrown_by([&] {
    static_cast<void>(ContainerLock::take(directory.get(), "web1", sys::Deadline::after_ms(50)));
  });
  EXPECT_EQ(error.kind, ErrorKind::wrong_state);
  EXPECT_THAT(error.detail, HasSubstr(cat("process ", holder.pid(), " ")));
  holder.end();
  EXPECT_FALSE(is_locked(directory.get()));
  EXPECT_NO_THROW(
      static_cast<void>(ContainerLock::take(directory.get(), "web1", sys::Deadline::after_ms(50))));
}

TEST_F(StateStoreTest, TheLockOfADeletedContainerIsNoLock) {
  const sys::Fd directory = store_.make("web1");
  static_cast<void>(ContainerLock::try_make(directory.get(), "web1"));
  store_.remove("web1");
  const Error error = thrown_by([&] {
    static_cast<void>(ContainerLock::take(directory.get(), "web1", sys::Deadline::after_ms(50)));
  });
  EXPECT_EQ(error.kind, ErrorKind::not_found);
}

// Two deletes would both win: the one at its last step, and the one with the lock that it made.
TEST_F(StateStoreTest, NoLockIsMadeWhereADeleteHasRemovedIt) {
  const sys::Fd directory = store_.make("web1");
  ASSERT_EQ(::fchmod(directory.get(), 01700), 0);
  const auto take = [&] {
    static_cast<void>(ContainerLock::take(directory.get(), "web1", sys::Deadline::after_ms(50)));
  };
  EXPECT_EQ(thrown_by(take).kind, ErrorKind::not_found);
  EXPECT_NE(::faccessat(directory.get(), "lock", F_OK, 0), 0);
  // One that was killed before: it is held by nobody.
  ASSERT_EQ(::fchmod(directory.get(), 0700), 0);
  EXPECT_TRUE(ContainerLock::try_make(directory.get(), "web1"));
  ASSERT_EQ(::fchmod(directory.get(), 01700), 0);
  EXPECT_NO_THROW(take());
}

// Whoever makes a container in a directory that a delete is about to remove waits for its end and
// begins anew.
TEST_F(StateStoreTest, NoContainerIsMadeInADirectoryThatIsLeaving) {
  const sys::Fd directory = store_.make("web1");
  ASSERT_EQ(::fchmod(directory.get(), 01700), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const bool made = ContainerLock::try_make(directory.get(), "web1").has_value();
    ::_exit(made ? 1 : 0);
  }
  while (::faccessat(directory.get(), "lock", F_OK, 0) != 0) ::usleep(1000);
  store_.remove("web1");
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  // and where nobody was faster than we
  const sys::Fd gone = store_.make("web2");
  store_.remove("web2");
  EXPECT_FALSE(ContainerLock::try_make(gone.get(), "web2"));
}

TEST_F(StateStoreTest, ADirectoryThatIsBeingRemovedIsLeaving) {
  const sys::Fd directory = store_.make("web1");
  EXPECT_FALSE(is_leaving(directory.get()));
  ASSERT_EQ(::fchmod(directory.get(), 01700), 0);
  EXPECT_TRUE(is_leaving(directory.get()));
  const sys::Fd other = store_.make("web2");
  store_.remove("web2");
  EXPECT_TRUE(is_leaving(other.get()));
}

TEST_F(StateStoreTest, RemovesAllOrOnlyWhatIsEmpty) {
  const sys::Fd directory = store_.make("web1");
  static_cast<void>(ContainerLock::try_make(directory.get(), "web1"));
  store_.remove_empty("web1");
  EXPECT_TRUE(store_.try_open("web1"));
  store_.remove("web1");
  EXPECT_FALSE(store_.try_open("web1"));
}

}  // namespace
}  // namespace asylum::container
