// SPDX-License-Identifier: Apache-2.0
// Signal names as engines send them, and what execve inherits.
#include <gtest/gtest.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runtime/sys/signals.h"

namespace asylum::sys {
namespace {

TEST(Signals, NamesWithAndWithoutSig) {
  EXPECT_EQ(signal_number("TERM"), SIGTERM);
  EXPECT_EQ(signal_number("SIGTERM"), SIGTERM);
  EXPECT_EQ(signal_number("sigterm"), SIGTERM);
  EXPECT_EQ(signal_number("15"), SIGTERM);
  EXPECT_EQ(signal_number("0"), 0);
  EXPECT_EQ(signal_number("IOT"), SIGABRT);
  EXPECT_EQ(signal_number("SIGPOLL"), SIGIO);
}

TEST(Signals, RealTimeOnes) {
  EXPECT_EQ(signal_number("RTMIN"), 34);
  EXPECT_EQ(signal_number("SIGRTMIN+3"), 37);
  EXPECT_EQ(signal_number("SIGRTMAX-14"), 50);
  EXPECT_EQ(signal_number("RTMAX"), 64);
  EXPECT_EQ(signal_number("37"), 37);
}

TEST(Signals, NonsenseIsNoSignal) {
  for (const char* bad : {"", "SIG", "SIGSIG", "TERMX", "65", "-1", "+9", " 9", "RTMIN-1",
                          "RTMIN+31", "RTMIN+", "RTMAX+1", "RTMINX", "9 "}) {
    EXPECT_FALSE(signal_number(bad)) << bad;
  }
}

TEST(Signals, NamesComeBack) {
  EXPECT_EQ(signal_name(SIGKILL), "SIGKILL");
  EXPECT_EQ(signal_name(SIGABRT), "SIGABRT");
  EXPECT_EQ(signal_name(37), "SIGRTMIN+3");
  EXPECT_EQ(signal_name(99), "signal 99");
  for (int signal = 1; signal <= 64; ++signal) {
    if (signal == 32 || signal == 33) continue;  // the C library's own
    EXPECT_EQ(signal_number(signal_name(signal)), signal) << signal;
  }
}

TEST(Signals, ResetReachesIgnoredAndRealTimeOnes) {
  ::signal(SIGHUP, SIG_IGN);
  unsigned long ignore[16] = {1};  // the C library refuses 33; another one may have ignored it
  ASSERT_EQ(::syscall(SYS_rt_sigaction, 33, ignore, nullptr, 8), 0);
  reset_signal_dispositions();
  struct ::sigaction action {};
  ::sigaction(SIGHUP, nullptr, &action);
  EXPECT_EQ(action.sa_handler, SIG_DFL);
  unsigned long now[16] = {7};
  ASSERT_EQ(::syscall(SYS_rt_sigaction, 33, nullptr, now, 8), 0);
  EXPECT_EQ(now[0], 0UL);
}

TEST(Signals, BlockedOnesWaitInTheSignalfd) {
  const sigset_t before = block_all_signals();
  sigset_t user;
  ::sigemptyset(&user);
  ::sigaddset(&user, SIGUSR1);
  const Fd fd = make_signalfd(user);
  EXPECT_FALSE(read_signal(fd.get()));
  ::kill(::getpid(), SIGUSR1);
  const auto info = read_signal(fd.get());
  ASSERT_TRUE(info);
  EXPECT_EQ(info->signal, SIGUSR1);
  EXPECT_EQ(info->sender, ::getpid());
  set_signal_mask(before);
}

}  // namespace
}  // namespace asylum::sys
