// SPDX-License-Identifier: Apache-2.0
// Deadlines, FIFOs and processes by pidfd.
#include <errno.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "runtime/base/error.h"
#include "runtime/sys/fifo.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/process/process.h"
#include "tests/sys/temporary_directory.h"

namespace asylum::sys {
namespace {

TEST(Deadlines, NeverPassesAndThePastHasPassed) {
  EXPECT_EQ(Deadline::never().remaining_ms(), -1);
  EXPECT_FALSE(Deadline::never().passed());
  EXPECT_TRUE(Deadline::after_ms(0).passed());
  EXPECT_TRUE(Deadline::after_ms(-5).passed());
  const int left = Deadline::after_ms(1000).remaining_ms();
  EXPECT_GT(left, 500);
  EXPECT_LE(left, 1000);
}

TEST(Poll, SaysWhetherItCame) {
  const Pipe pipe = make_pipe();
  EXPECT_FALSE(wait_for(pipe.read_end.get(), POLLIN, Deadline::after_ms(1)));
  write_all(pipe.write_end.get(), "x");
  EXPECT_TRUE(wait_for(pipe.read_end.get(), POLLIN, Deadline::never()));
}

TEST(Fifo, WriterNeedsAReader) {
  const TemporaryDirectory dir;
  make_fifo_at(dir.fd(), "gate", 0600);
  EXPECT_FALSE(try_open_fifo_writer(dir.fd(), "gate"));
  EXPECT_FALSE(try_open_fifo_writer(dir.fd(), "absent"));
  const Fd reader = open_fifo_reader(dir.fd(), "gate", true);
  EXPECT_EQ(::fcntl(reader.get(), F_GETFL) & O_NONBLOCK, 0);
  const auto writer = try_open_fifo_writer(dir.fd(), "gate");
  ASSERT_TRUE(writer);
  EXPECT_EQ(::fcntl(writer->get(), F_GETFL) & O_NONBLOCK, 0);
}

TEST(Fifo, RefusesWhatIsNoFifo) {
  const TemporaryDirectory dir;
  dir.write("file", "x");
  EXPECT_THROW(open_fifo_reader(dir.fd(), "file", true), Error);
  EXPECT_THROW((void)try_open_fifo_writer(dir.fd(), "file"), Error);
  make_fifo_at(dir.fd(), "gate", 0600);
  ASSERT_EQ(::symlinkat("gate", dir.fd(), "link"), 0);
  EXPECT_THROW(open_fifo_reader(dir.fd(), "link", true), Error);
  EXPECT_THROW(make_fifo_at(dir.fd(), "gate", 0600), Error);
}

[[noreturn]] void exit_with_three(void*) noexcept {
  exit_now(3);
}
[[noreturn]] void wait_for_ever(void*) noexcept {
  while (true) ::pause();
}

TEST(Process, ExitStatusByPidfd) {
  const Child child = clone_process({}, exit_with_three, nullptr);
  EXPECT_TRUE(wait_for(child.pidfd.get(), POLLIN, Deadline::after_ms(10000)));
  const auto result = wait_pidfd(child.pidfd.get());
  ASSERT_TRUE(result);
  EXPECT_EQ(result->pid, child.pid);
  EXPECT_TRUE(result->exited);
  EXPECT_EQ(result->code, 3);
  EXPECT_EQ(describe(*result), "exit status 3");
  EXPECT_EQ(try_send_signal(child.pidfd.get(), SIGTERM), ESRCH);
  EXPECT_FALSE(try_open_pidfd(child.pid));
}

// Its number stays in use as that of the session: EINVAL on 6.1, ESRCH on newer kernels.
TEST(Process, ADeadLeaderOfALivingSessionIsNoProcess) {
  const Pipe life = make_pipe(), born = make_pipe();
  const pid_t leader = ::fork();
  if (leader == 0) {
    ::setsid();
    if (::fork() != 0) ::_exit(0);
    char byte = 0;
    write_all(born.write_end.get(), "x");
    ::close(life.write_end.get());
    (void)!::read(life.read_end.get(), &byte, 1);
    ::_exit(0);
  }
  EXPECT_TRUE(wait_for(born.read_end.get(), POLLIN, Deadline::after_ms(10000)));
  EXPECT_EQ(::waitpid(leader, nullptr, 0), leader);
  EXPECT_FALSE(try_open_pidfd(leader));
}

TEST(Process, DeathBySignalAndIdentity) {
  const Child child = clone_process({}, wait_for_ever, nullptr);
  EXPECT_FALSE(wait_pidfd(child.pidfd.get(), WNOHANG));
  const Fd proc = open_at(AT_FDCWD, "/proc", O_PATH);
  const auto started = start_time_of(proc.get(), child.pid);
  EXPECT_TRUE(started);
  EXPECT_GE(*started, *start_time_of(proc.get(), ::getpid()));
  ASSERT_EQ(try_send_signal(child.pidfd.get(), SIGKILL), 0);
  const auto result = wait_pidfd(child.pidfd.get());
  EXPECT_FALSE(result->exited);
  EXPECT_EQ(describe(*result), "killed by SIGKILL");
  EXPECT_FALSE(start_time_of(proc.get(), child.pid));
}

TEST(Process, AChildWithoutExitSignalIsWaitedForToo) {
  CloneRequest request;
  request.exit_signal = 0;
  const Child child = clone_process(request, exit_with_three, nullptr);
  EXPECT_EQ(wait_pidfd(child.pidfd.get())->code, 3);
}

TEST(Process, IsNotClonedWithThreads) {
  Pipe pipe = make_pipe();
  std::thread other([&] { (void)read_all(pipe.read_end.get(), 1); });
  EXPECT_THROW(clone_process({}, exit_with_three, nullptr), Error);
  write_all(pipe.write_end.get(), "x");
  pipe.write_end.reset();
  other.join();
}

TEST(Process, ReapAnyIsQuietWithoutChildren) {
  EXPECT_FALSE(reap_any());
}

TEST(Process, ExecFailureIsItsOwnKind) {
  const std::vector<std::string> args = {"x"};
  const auto argv = to_exec_array(args);
  ASSERT_EQ(argv.size(), 2U);
  EXPECT_EQ(argv[1], nullptr);
  try {
    execve_fd_or_throw(open_at(AT_FDCWD, "/dev/null", O_PATH).get(), argv.data(), argv.data());
  } catch (const Error& error) {
    EXPECT_EQ(error.kind, ErrorKind::exec_failed);
    EXPECT_EQ(error.err, EACCES);
    EXPECT_EQ(error.detail, "execute an open file");
  }
}

TEST(Process, CloseRangeMarksAndCloses) {
  const Child child = clone_process(
      {},
      [](void*) noexcept {
        const int low = ::open("/dev/null", O_RDONLY);
        const int high = ::fcntl(low, F_DUPFD, 200);
        close_range_cloexec(150);
        const bool marked = ::fcntl(high, F_GETFD) == FD_CLOEXEC && ::fcntl(low, F_GETFD) == 0;
        close_from(static_cast<unsigned>(low));
        exit_now(marked && ::fcntl(low, F_GETFD) < 0 && ::fcntl(high, F_GETFD) < 0 ? 0 : 1);
      },
      nullptr);
  EXPECT_EQ(wait_pidfd(child.pidfd.get())->code, 0);
}

}  // namespace
}  // namespace asylum::sys
