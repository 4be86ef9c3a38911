// SPDX-License-Identifier: Apache-2.0
// Streams and descriptors before a command begins; each case in a process of its own, for
// descriptors are global.
#include "runtime/cli/start_up.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "runtime/base/error.h"

namespace asylum::cli {
namespace {

bool closes_on_exec(int fd) {
  return (::fcntl(fd, F_GETFD) & FD_CLOEXEC) != 0;
}

void leave(bool well) {
  ::_exit(well ? 0 : 1);
}

// Puts an open descriptor without close-on-exec at each number of [3, end).
void open_up_to(int end) {
  for (int fd = 3; fd < end; ++fd) ::dup2(STDIN_FILENO, fd);
}

// Any appending descriptor is the log.
bool log_closes_on_exec() {
  for (int fd = 3; fd < 64; ++fd) {
    const int flags = ::fcntl(fd, F_GETFL);
    if (flags >= 0 && (flags & O_APPEND) != 0) return closes_on_exec(fd);
  }
  return false;
}

TEST(StartUp, AClosedStandardStreamIsOpened) {
  EXPECT_EXIT(
      {
        ::close(STDIN_FILENO);
        ::close(STDOUT_FILENO);
        open_missing_standard_streams();
        leave(::fcntl(STDIN_FILENO, F_GETFD) == 0 && ::fcntl(STDOUT_FILENO, F_GETFD) == 0);
      },
      testing::ExitedWithCode(0), "");
}

TEST(StartUp, OnlyWhatIsPreservedOutlivesExec) {
  EXPECT_EXIT(
      {
        open_up_to(9);
        const std::uint32_t passed = guard_descriptors({.count = 1}, /*preserved=*/2);
        leave(passed == 1 && !closes_on_exec(2) && !closes_on_exec(3) && !closes_on_exec(4) &&
              !closes_on_exec(5) && closes_on_exec(6) && closes_on_exec(7) && closes_on_exec(8));
      },
      testing::ExitedWithCode(0), "");
}

TEST(StartUp, AMissingDescriptorIsNamed) {
  EXPECT_EXIT(
      {
        open_up_to(8);
        ::close(5);
        try {
          guard_descriptors({.count = 1}, /*preserved=*/3);
          leave(false);
        } catch (const Error& error) {
          leave(error.detail == "unable to stat preserved-fd 1 (of 3): descriptor 5" &&
                error.err == EBADF && !error.hint.empty());
        }
      },
      testing::ExitedWithCode(0), "");
}

// Left over in the environment of whoever started our caller.
TEST(StartUp, DescriptorsThatNobodyPassedAreNotHandedDown) {
  EXPECT_EXIT(
      {
        open_up_to(5);
        ::close(5);
        const std::uint32_t passed = guard_descriptors({.count = 3}, /*preserved=*/0);
        leave(passed == 0 && closes_on_exec(3) && closes_on_exec(4));
      },
      testing::ExitedWithCode(0), "");
}

TEST(StartUp, PreservedDescriptorsFollowTheStandardStreamsWhenNoneWerePassed) {
  EXPECT_EXIT(
      {
        open_up_to(5);
        ::close(5);
        const std::uint32_t passed = guard_descriptors({.count = 3}, /*preserved=*/1);
        leave(passed == 0 && !closes_on_exec(3) && closes_on_exec(4));
      },
      testing::ExitedWithCode(0), "");
}

TEST(StartUp, ADescriptorThatWasToBePassedToUsIsNamed) {
  EXPECT_EXIT(
      {
        open_up_to(5);
        ::close(5);
        try {
          guard_descriptors({.count = 3, .names_us = true}, /*preserved=*/0);
          leave(false);
        } catch (const Error& error) {
          leave(error.detail.find("but descriptor 5 is not open") != std::string::npos &&
                error.err == EBADF && !error.hint.empty());
        }
      },
      testing::ExitedWithCode(0), "");
}

TEST(StartUp, ACountBeyondAllNumbersEndsAtTheFirstThatIsNotOpen) {
  EXPECT_EXIT(
      {
        open_up_to(5);
        ::close(5);
        const bool none = guard_descriptors({.count = ~0U}, /*preserved=*/0) == 0;
        try {
          guard_descriptors({}, /*preserved=*/~0U);
          leave(false);
        } catch (const Error& error) {
          leave(none && error.detail.find(": descriptor 5") != std::string::npos &&
                !closes_on_exec(STDERR_FILENO));
        }
      },
      testing::ExitedWithCode(0), "");
}

struct ListenCase {
  const char* count;
  const char* pid;  // "self" = our own
  std::uint32_t expected;
  bool names_us;
};

TEST(StartUp, ListenFdsAreReadAsTheServiceManagerMeansThem) {
  const std::string self = std::to_string(::getpid());
  for (const ListenCase& one :
       {ListenCase{nullptr, nullptr, 0, false}, ListenCase{"2", nullptr, 2, false},
        ListenCase{"2", "self", 2, true}, ListenCase{"2", "1", 0, false},
        ListenCase{"2", "x", 0, false}, ListenCase{"-1", nullptr, 0, false},
        ListenCase{"2x", nullptr, 0, false}, ListenCase{"4294967296", nullptr, ~0U, false}}) {
    ::unsetenv("LISTEN_FDS");
    ::unsetenv("LISTEN_PID");
    if (one.count != nullptr) ::setenv("LISTEN_FDS", one.count, 1);
    if (one.pid != nullptr)
      ::setenv("LISTEN_PID", std::string(one.pid) == "self" ? self.c_str() : one.pid, 1);
    const ListenFds read = read_listen_fds();
    EXPECT_EQ(read.count, one.expected) << (one.count ? one.count : "-");
    EXPECT_EQ(read.names_us, one.names_us);
  }
  ::unsetenv("LISTEN_FDS");
  ::unsetenv("LISTEN_PID");
}

TEST(StartUp, TheLogIsAppendedToAndCloses) {
  EXPECT_EXIT(
      {
        char path[] = "/tmp/asylum-log-XXXXXX";
        const int file = ::mkstemp(path);
        static_cast<void>(!::write(file, "before\n", 7));
        Arguments arguments;
        arguments.global.log_file = path;
        arguments.global.log_format = log::Format::json;
        configure_log(arguments);
        log::failure(Error(ErrorKind::not_found, "container does not exist"));
        char text[512];
        const ssize_t n = ::pread(file, text, sizeof text, 0);
        ::unlink(path);
        const std::string all(text, n > 0 ? static_cast<std::size_t>(n) : 0);
        leave(
            all.starts_with("before\n{\"level\":\"error\",\"msg\":\"container does not exist\"") &&
            log_closes_on_exec());
      },
      testing::ExitedWithCode(0), "container does not exist");
}

TEST(StartUp, ALogThatCannotBeOpenedIsAnError) {
  Arguments arguments;
  arguments.global.log_file = "/nonexistent/log";
  EXPECT_THROW(configure_log(arguments), Error);
}

}  // namespace
}  // namespace asylum::cli
