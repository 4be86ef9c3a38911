// SPDX-License-Identifier: Apache-2.0
// Messages are whole or refused, descriptors ride along close-on-exec, and paths may be long.
#include <errno.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/socket.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::sys {
namespace {

TEST(Messages, OneDatagramOneMessage) {
  const SocketPair pair = seqpacket_pair();
  send_message(pair.ours.get(), "one");
  send_message(pair.ours.get(), std::string(kMaxMessageBytes, 'x'));
  EXPECT_EQ(receive_message(pair.theirs.get())->bytes, "one");
  EXPECT_EQ(receive_message(pair.theirs.get())->bytes.size(), kMaxMessageBytes);
}

TEST(Messages, DescriptorsRideAlongCloseOnExec) {
  const SocketPair pair = seqpacket_pair();
  const TemporaryDirectory dir;
  const int fds[] = {dir.fd(), dir.fd()};
  send_message(pair.ours.get(), "x", fds);
  const auto message = receive_message(pair.theirs.get());
  ASSERT_EQ(message->fds.size(), 2U);
  EXPECT_EQ(identity_of(message->fds[1].get()), identity_of(dir.fd()));
  EXPECT_NE(::fcntl(message->fds[1].get(), F_GETFD) & FD_CLOEXEC, 0);
}

TEST(Messages, AsManyDescriptorsAsPromisedAndNoMore) {
  const SocketPair pair = seqpacket_pair();
  const std::vector<int> fds(kMaxMessageFds, pair.ours.get());
  send_message(pair.ours.get(), "x", fds);
  EXPECT_EQ(receive_message(pair.theirs.get())->fds.size(), kMaxMessageFds);
  const std::vector<int> more(kMaxMessageFds + 1, pair.ours.get());
  EXPECT_THROW(send_message(pair.ours.get(), "x", more), Error);
}

TEST(Messages, EndOfFileAndDeadPeers) {
  SocketPair pair = seqpacket_pair();
  send_message(pair.ours.get(), "last words");
  pair.ours.reset();
  EXPECT_EQ(receive_message(pair.theirs.get())->bytes, "last words");
  EXPECT_FALSE(receive_message(pair.theirs.get()));
  EXPECT_FALSE(try_send_message(pair.theirs.get(), "x"));
  EXPECT_THROW(send_message(pair.theirs.get(), "x"), Error);
}

TEST(Messages, LastWordsAreHeardThoughOursWereNot) {
  SocketPair pair = seqpacket_pair();
  send_message(pair.ours.get(), "unread");
  send_message(pair.theirs.get(), "why");
  pair.theirs.reset();
  const auto message = receive_message(pair.ours.get());
  ASSERT_TRUE(message);
  EXPECT_EQ(message->bytes, "why");
  EXPECT_FALSE(receive_message(pair.ours.get()));
}

TEST(Messages, EmptyAndOverlongOnesAreRefused) {
  const SocketPair pair = seqpacket_pair();
  EXPECT_THROW(send_message(pair.ours.get(), ""), Error);  // would read as end of file
  EXPECT_THROW(send_message(pair.ours.get(), std::string(kMaxMessageBytes + 1, 'x')), Error);
}

TEST(Messages, ATruncatedOneIsAnErrorNotHalfAMessage) {
  const SocketPair pair = seqpacket_pair();
  const std::string large(kMaxMessageBytes + 1, 'x');
  ASSERT_EQ(::send(pair.ours.get(), large.data(), large.size(), 0),
            static_cast<ssize_t>(large.size()));
  EXPECT_THROW(receive_message(pair.theirs.get()), Error);
}

TEST(UnixSockets, PathsLongerThanSunPath) {
  const TemporaryDirectory top;
  std::string path = top.path();
  for (int i = 0; i < 3; ++i) {
    path += '/' + std::string(80, 'd');
    make_directory_at(AT_FDCWD, path, 0755);
  }
  const Fd dir = open_at(AT_FDCWD, path, O_PATH | O_DIRECTORY);
  const Fd listener = bind_unix(dir.get(), "s", SOCK_STREAM);
  ASSERT_EQ(::listen(listener.get(), 2), 0);
  EXPECT_TRUE(connect_unix_path(path + "/s", SOCK_STREAM));
  EXPECT_TRUE(connect_unix(dir.get(), "s", SOCK_STREAM));
}

TEST(UnixSockets, FailureNamesTheSocket) {
  const TemporaryDirectory dir;
  try {
    (void)connect_unix_path(dir.path() + "/absent", SOCK_STREAM);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.detail, "connect to \"" + dir.path() + "/absent\"");
    EXPECT_EQ(error.err, ENOENT);
  }
}

}  // namespace
}  // namespace asylum::sys
