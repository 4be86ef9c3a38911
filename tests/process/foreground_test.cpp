// SPDX-License-Identifier: Apache-2.0
// The foreground of `run`: a child of the test is main, its child the program.
#include "runtime/process/attach/foreground.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <string>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/signals.h"
#include "runtime/sys/terminal.h"

namespace asylum::process {
namespace {

struct Pty {
  sys::Fd master;
  sys::Fd peer;
};

Pty make_pty() {
  Pty pty;
  pty.master.reset(::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC));
  EXPECT_EQ(::unlockpt(pty.master.get()), 0);
  pty.peer = sys::open_peer(pty.master.get());
  return pty;
}

/// "main": relays for a shell script. Its stdin and stdout are pipes, or the peer of the test's
/// terminal.
class Foreground : public testing::Test {
 protected:
  void TearDown() override {
    if (main_ > 0) {
      ::kill(main_, SIGKILL);
      ::waitpid(main_, nullptr, 0);
    }
  }

  /// `terminal`: the program gets one of its own. `host`: main's stdio; none = pipes.
  void run(const std::string& script, bool terminal, const Pty* host = nullptr) {
    sys::Pipe in = sys::make_pipe();
    sys::Pipe out = sys::make_pipe();
    main_ = ::fork();
    if (main_ == 0) {
      if (host != nullptr) {
        ::setsid();
        sys::set_controlling_terminal(host->peer.get());
        sys::duplicate_to(host->peer.get(), 0);
        sys::duplicate_to(host->peer.get(), 1);
      } else {
        sys::duplicate_to(in.read_end.get(), 0);
        sys::duplicate_to(out.write_end.get(), 1);
      }
      in = {};
      out = {};
      ::_exit(be_main(script, terminal));
    }
    input_ = std::move(in.write_end);
    output_ = std::move(out.read_end);
  }

  static int be_main(const std::string& script, bool terminal) {
    const HeldSignals signals;
    Pty pty;
    if (terminal) pty = make_pty();
    sys::set_child_subreaper();
    const pid_t program = ::fork();
    if (program == 0) {
      ::setsid();
      sys::clear_signal_mask();
      sys::reset_signal_dispositions();  // a shell cannot trap what nohup has it ignore
      if (terminal) {
        sys::set_controlling_terminal(pty.peer.get());
        for (const int fd : {0, 1, 2}) sys::duplicate_to(pty.peer.get(), fd);
      }
      ::execl("/bin/sh", "sh", "-c", script.c_str(), nullptr);
      ::_exit(99);
    }
    pty.peer.reset();
    const sys::Fd pidfd = sys::open_pidfd(program);
    return relay({program, pidfd.get(), signals, std::move(pty.master)});
  }

  int code() {
    int status = 0;
    ::waitpid(main_, &status, 0);
    main_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  }

  std::string output() { return sys::read_all(output_.get(), 16U << 20); }

  static std::string read_until(int fd, const std::string& wanted) {
    std::string text;
    std::array<char, 4096> buffer;
    while (text.find(wanted) == std::string::npos) {
      pollfd poll_fd{fd, POLLIN, 0};
      if (::poll(&poll_fd, 1, 10'000) != 1) break;
      const ssize_t n = ::read(fd, buffer.data(), buffer.size());
      if (n <= 0) break;
      text.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return text;
  }
  bool sees(const std::string& wanted) {
    return read_until(output_.get(), wanted).find(wanted) != std::string::npos;
  }

  pid_t main_ = -1;
  sys::Fd input_;
  sys::Fd output_;
};

TEST_F(Foreground, ReturnsTheExitCode) {
  for (const int wanted : {0, 1, 42, 255}) {
    run(cat("exit ", wanted), false);
    EXPECT_EQ(code(), wanted);
    run(cat("exit ", wanted), true);
    EXPECT_EQ(code(), wanted);
  }
}

TEST_F(Foreground, Returns128PlusTheSignal) {
  run("kill -KILL $$", false);
  EXPECT_EQ(code(), 128 + SIGKILL);
  run("kill -TERM $$", true);
  EXPECT_EQ(code(), 128 + SIGTERM);
}

TEST_F(Foreground, ForwardsSignals) {
  for (const char* name : {"HUP", "INT", "TERM", "USR1", "USR2", "QUIT", "ALRM"}) {
    run(cat("trap 'echo got; exit 7' ", name, "; echo ready; while :; do sleep 0.01; done"), false);
    ASSERT_TRUE(sees("ready"));
    ::kill(main_, *sys::signal_number(name));
    EXPECT_TRUE(sees("got")) << name;
    EXPECT_EQ(code(), 7) << name;
  }
}

TEST_F(Foreground, DoesNotForwardSigchldSigpipeAndSigwinch) {
  run("trap 'echo wrong; exit 1' CHLD PIPE WINCH; trap 'exit 0' TERM; echo ready; while :; do :; "
      "done",
      false);
  ASSERT_TRUE(sees("ready"));
  for (const int signal : {SIGCHLD, SIGPIPE, SIGWINCH, SIGTERM}) ::kill(main_, signal);
  EXPECT_EQ(code(), 0);
}

TEST_F(Foreground, ReapsWhatTheProgramLeavesBehindAndEndsWithTheProgram) {
  run("(sleep 0.05; exit 3) & (exit 4) & sleep 0.2; exit 5", false);
  EXPECT_EQ(code(), 5);
}

TEST_F(Foreground, TerminalOutputIsWhole) {
  run("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done", true);
  const std::string text = output();
  EXPECT_EQ(code(), 0);
  EXPECT_TRUE(text.ends_with("line 19999\r\n"))
      << text.substr(text.size() - std::min<std::size_t>(100, text.size()));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 20000);
}

TEST_F(Foreground, TerminalOutputIsWholeForASlowReader) {
  run("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done", true);
  ::usleep(300'000);  // main's pipe and the terminal are full by now
  EXPECT_TRUE(output().ends_with("line 19999\r\n"));
  EXPECT_EQ(code(), 0);
}

TEST_F(Foreground, ClosedOutputDoesNotStopTheProgram) {
  run("i=0; while [ $i -lt 20000 ]; do echo line $i; i=$((i+1)); done; exit 6", true);
  output_.reset();
  EXPECT_EQ(code(), 6);
}

TEST_F(Foreground, TerminalInputArrivesAndEnds) {
  run("stty -echo; echo ready; while read -r line; do echo \"<$line>\"; done; echo end", true);
  ASSERT_TRUE(sees("ready"));
  sys::write_all(input_.get(), "one\ntwo\nunfinished");
  input_.reset();
  const std::string text = output();
  EXPECT_NE(text.find("<one>"), std::string::npos) << text;
  EXPECT_NE(text.find("<two>"), std::string::npos) << text;
  EXPECT_NE(text.find("end"), std::string::npos) << "no end of file: " << text;
  EXPECT_EQ(code(), 0);
}

TEST_F(Foreground, AProgramMayCloseItsTerminalForAWhile) {
  run("exec 3</dev/tty; exec 0<&- 1>&- 2>&- 3<&-; sleep 0.1; exec 1>/dev/tty; echo again", true);
  EXPECT_NE(output().find("again"), std::string::npos);
  EXPECT_EQ(code(), 0);
}

TEST_F(Foreground, EndsThoughSomethingHoldsTheTerminal) {
  const auto began = std::chrono::steady_clock::now();
  run("trap '' HUP; setsid sleep 3 & echo said; exit 3", true);
  EXPECT_TRUE(sees("said"));
  EXPECT_EQ(code(), 3);
  EXPECT_LT(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(2500));
}

class ForegroundTerminal : public Foreground {
 protected:
  termios modes() {
    termios now{};
    ::tcgetattr(host_.master.get(), &now);
    return now;
  }
  bool is_raw() { return (modes().c_lflag & (ICANON | ECHO | ISIG)) == 0; }
  bool host_sees(const std::string& wanted) {
    return read_until(host_.master.get(), wanted).find(wanted) != std::string::npos;
  }
  void type(const char* text) { sys::write_all(host_.master.get(), text); }

  Pty host_ = make_pty();
};

TEST_F(ForegroundTerminal, IsRawMeanwhileAndRestored) {
  const termios before = modes();
  run("echo ready; read -r x; echo done", true, &host_);
  ASSERT_TRUE(host_sees("ready"));
  EXPECT_TRUE(is_raw());
  type("\r");
  EXPECT_TRUE(host_sees("done"));
  EXPECT_EQ(code(), 0);
  const termios after = modes();
  EXPECT_EQ(before.c_lflag, after.c_lflag);
  EXPECT_EQ(before.c_iflag, after.c_iflag);
  EXPECT_EQ(before.c_oflag, after.c_oflag);
}

TEST_F(ForegroundTerminal, InterruptCharacterReachesTheContainersTerminal) {
  run("trap 'echo interrupted; exit 9' INT; echo ready; while :; do sleep 0.01; done", true,
      &host_);
  ASSERT_TRUE(host_sees("ready"));
  type("\x03");
  EXPECT_TRUE(host_sees("interrupted"));
  EXPECT_EQ(code(), 9);
}

TEST_F(ForegroundTerminal, GivesItsSizeAtFirstAndWhenItChanges) {
  sys::set_window_size(host_.master.get(), {33, 77});
  run("stty size; trap 'stty size; exit 0' WINCH; echo ready; while :; do sleep 0.01; done", true,
      &host_);
  const std::string text = read_until(host_.master.get(), "ready");
  EXPECT_NE(text.find("33 77"), std::string::npos) << text;
  sys::set_window_size(host_.master.get(), {44, 88});  // the kernel sends main SIGWINCH
  EXPECT_TRUE(host_sees("44 88"));
  EXPECT_EQ(code(), 0);
}

TEST_F(ForegroundTerminal, IsRestoredWhileStoppedAndRawAgainAfter) {
  run("echo ready; read -r x; echo \"done $x\"", true, &host_);
  ASSERT_TRUE(host_sees("ready"));
  ::kill(main_, SIGTSTP);
  int status = 0;
  ASSERT_EQ(::waitpid(main_, &status, WUNTRACED), main_);
  ASSERT_TRUE(WIFSTOPPED(status));
  EXPECT_FALSE(is_raw());
  ::kill(main_, SIGCONT);
  for (int i = 0; i < 500 && !is_raw(); ++i) ::usleep(10'000);
  EXPECT_TRUE(is_raw());
  type("x\r");
  EXPECT_TRUE(host_sees("done x"));
  EXPECT_EQ(code(), 0);
}

TEST_F(ForegroundTerminal, IsLeftAloneByAProgramWithoutOne) {
  run("echo ready; read -r x; echo \"got $x\"", false, &host_);
  ASSERT_TRUE(host_sees("ready"));
  EXPECT_FALSE(is_raw());
}

}  // namespace
}  // namespace asylum::process
