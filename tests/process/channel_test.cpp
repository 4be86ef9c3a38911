// SPDX-License-Identifier: Apache-2.0
// The two ends of the dialogue's socket, across a fork.
#include "runtime/process/both/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <memory>

#include "runtime/base/log.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {
namespace {

class Channel : public testing::Test {
 protected:
  template <typename Act>
  void init(Act act) {
    auto [ours, theirs] = make_channel();
    pid_ = ::fork();
    if (pid_ == 0) {
      (void)ours.release();
      act(theirs);
      ::_exit(0);
    }
    pidfd_ = sys::open_pidfd(pid_);
    main_ = std::make_unique<ParentChannel>(std::move(ours));
  }
  int exit_code() { return sys::wait_pidfd(pidfd_.get())->code; }

  pid_t pid_ = -1;
  sys::Fd pidfd_;
  std::unique_ptr<ParentChannel> main_;
};

TEST_F(Channel, CarriesTheWholeDialogue) {
  init([](ChildChannel& channel) {
    if (channel.expect(MessageType::proceed).number != 77) ::_exit(1);
    sys::Fd mount = channel.want_mount_source(3);
    channel.want_hooks();
    channel.send_console(mount.get());
    if (!channel.want_filter()) ::_exit(2);
    channel.ready();
    channel.expect_commit();
  });
  sys::Pipe pipe = sys::make_pipe();
  main_->proceed(77);
  auto message = main_->receive();
  EXPECT_EQ(message->type, MessageType::want_mount_source);
  EXPECT_EQ(message->number, 3);
  main_->mount_source(pipe.read_end);
  EXPECT_EQ(main_->receive()->type, MessageType::want_hooks);
  main_->hooks_done();
  message = main_->receive();
  EXPECT_EQ(message->type, MessageType::console);
  ASSERT_EQ(message->fds.size(), 1U);
  EXPECT_TRUE(sys::identity_of(message->fds[0].get()) == sys::identity_of(pipe.read_end.get()));
  EXPECT_EQ(main_->receive()->type, MessageType::want_filter);
  main_->filter(pipe.write_end);
  EXPECT_EQ(main_->receive()->type, MessageType::ready);
  main_->committed();
  EXPECT_EQ(exit_code(), 0);
}

TEST_F(Channel, NoFilterIsAnEmptyDescriptor) {
  init([](ChildChannel& channel) { ::_exit(channel.want_filter() ? 1 : 0); });
  EXPECT_EQ(main_->receive()->type, MessageType::want_filter);
  main_->filter(sys::Fd());
  EXPECT_EQ(exit_code(), 0);
}

TEST_F(Channel, ErrorsCrossWhole) {
  init([](ChildChannel& channel) {
    channel.failed(
        Error(ErrorKind::denied, "open \"/x\"").at("/mounts/1").because_of("openat2", EACCES));
  });
  const auto message = main_->receive();
  ASSERT_TRUE(message->error);
  EXPECT_EQ(message->error->kind, ErrorKind::denied);
  EXPECT_EQ(message->error->pointer, "/mounts/1");
  EXPECT_EQ(message->error->err, EACCES);
  EXPECT_FALSE(main_->receive()) << "end of file";
  exit_code();
}

TEST_F(Channel, WarningsAndDebugLinesGoToTheLog) {
  std::string seen;
  log::relay_to([&](log::Level, std::string_view text, std::string_view pointer) {
    seen += std::string(text) + "@" + std::string(pointer) + ";";
  });
  init([](ChildChannel& channel) {
    channel.warning("capability missing", "/process/capabilities");
    channel.ready();
  });
  EXPECT_EQ(main_->receive()->type, MessageType::ready);
  EXPECT_EQ(seen, "capability missing@/process/capabilities;");
  log::relay_to({});
  exit_code();
}

TEST_F(Channel, InitLeavesWhenMainIsGone) {
  init([](ChildChannel& channel) { channel.expect(MessageType::proceed); });
  main_.reset();
  EXPECT_EQ(exit_code(), 1);
}

TEST_F(Channel, InitDoesNotPassTheGateWhenMainIsGoneBeforeCommitted) {
  init([](ChildChannel& channel) {
    channel.ready();
    channel.expect_commit();
  });
  EXPECT_EQ(main_->receive()->type, MessageType::ready);
  main_.reset();
  EXPECT_EQ(exit_code(), 1);
}

TEST_F(Channel, AnotherMessageThanExpectedIsAnError) {
  init([](ChildChannel& channel) {
    try {
      channel.expect(MessageType::proceed);
    } catch (const Error& error) {
      ::_exit(error.kind == ErrorKind::internal ? 5 : 6);
    }
  });
  main_->hooks_done();
  EXPECT_EQ(exit_code(), 5);
}

TEST_F(Channel, OnlyTheSpeakerIsHeard) {
  auto [ours, theirs] = make_channel();
  ours.ask_for_senders();
  const pid_t bridge = ::fork();
  if (bridge == 0) {
    (void)ours.release();
    const pid_t other = ::fork();
    if (other != 0) ::_exit(sys::wait_pidfd(sys::open_pidfd(other).get())->code);
    theirs.born(1);
    ::_exit(0);
  }
  theirs.close();
  const sys::Fd pidfd = sys::open_pidfd(bridge);
  EXPECT_THROW((void)ours.receive({{bridge, pidfd.get()}, false, true}), Error);
  EXPECT_EQ(sys::wait_pidfd(pidfd.get())->code, 0);
}

TEST_F(Channel, TheSpeakerIsKnownByItsPid) {
  init([](ChildChannel& channel) {
    channel.expect_proceed();
    channel.born(5);
  });
  main_->ask_for_senders();
  main_->proceed(1);
  const auto message = main_->receive({{pid_, pidfd_.get()}, false, true});
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, MessageType::born);
  EXPECT_EQ(message->number, 5);
  EXPECT_EQ(message->sender, pid_);
  exit_code();
}

TEST_F(Channel, TheSpeakersDeathIsTheEndThoughAnotherHoldsTheSocket) {
  auto [ours, theirs] = make_channel();
  const pid_t bridge = ::fork();
  if (bridge == 0) ::_exit(0);
  const sys::Fd pidfd = sys::open_pidfd(bridge);
  EXPECT_FALSE(ours.receive({{-1, pidfd.get()}, true, true})) << "we hold `theirs` ourselves";
  EXPECT_EQ(sys::wait_pidfd(pidfd.get())->code, 0);
}

TEST_F(Channel, WhatTheSpeakerSaidBeforeItsDeathIsHeard) {
  auto [ours, theirs] = make_channel();
  const pid_t bridge = ::fork();
  if (bridge == 0) {
    theirs.ready();
    ::_exit(0);
  }
  const sys::Fd pidfd = sys::open_pidfd(bridge);
  EXPECT_TRUE(sys::wait_pidfd(pidfd.get(), WNOWAIT).has_value());
  const auto message = ours.receive({{-1, pidfd.get()}, true, true});
  ASSERT_TRUE(message);
  EXPECT_EQ(message->type, MessageType::ready);
  EXPECT_FALSE(ours.receive({{-1, pidfd.get()}, true, true}));
  EXPECT_EQ(sys::wait_pidfd(pidfd.get())->code, 0);
}

TEST_F(Channel, WhoMayNotLogIsNotLogged) {
  log::relay_to([](log::Level, std::string_view, std::string_view) { ADD_FAILURE() << "logged"; });
  init([](ChildChannel& channel) { channel.warning("x", ""); });
  EXPECT_EQ(main_->receive({{-1, pidfd_.get()}, true, false})->type, MessageType::warning);
  log::relay_to({});
  exit_code();
}

// A child that ends without a word is explained by its exit code alone.
TEST_F(Channel, AWriteThatFailsIsAnErrorAndNoSilentEnd) {
  const auto outcome = [](auto act) {
    const pid_t pid = ::fork();
    if (pid != 0) return sys::wait_pidfd(sys::open_pidfd(pid).get())->code;
    ChildChannel channel(sys::open_at(AT_FDCWD, "/dev/full", O_RDWR));
    try {
      act(channel);
    } catch (const Error& error) {
      ::_exit(error.err);
    }
    ::_exit(0);
  };
  EXPECT_EQ(outcome([](ChildChannel& channel) { channel.ready(); }), ENOSPC);
  EXPECT_EQ(outcome([](ChildChannel& channel) { channel.warning("x", ""); }), ENOSPC);
  EXPECT_EQ(outcome([](ChildChannel& channel) { channel.debug("x"); }), 0) << "it is lost";
}

TEST_F(Channel, AReadThatFailsIsAnErrorAndNoSilentEnd) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    ChildChannel channel(sys::open_at(AT_FDCWD, "/", O_RDONLY | O_DIRECTORY));
    try {
      channel.expect_commit();
    } catch (const Error& error) {
      ::_exit(error.err);
    }
    ::_exit(0);
  }
  EXPECT_EQ(sys::wait_pidfd(sys::open_pidfd(pid).get())->code, EISDIR);
}

}  // namespace
}  // namespace asylum::process
