// SPDX-License-Identifier: Apache-2.0
// The start gate, with a child of the test as init.
#include "runtime/process/init/gate_end.h"
#include "runtime/process/main/open_gate.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <string>

#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/process/process.h"

namespace asylum::process {
namespace {

class Gate : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_NE(::mkdtemp(path_.data()), nullptr);
    directory_ = sys::open_at(AT_FDCWD, path_.data(), O_RDONLY | O_DIRECTORY);
    ends_ = make_gate(directory_.get());
  }
  void TearDown() override {
    if (init_ > 0) {
      ::kill(init_, SIGKILL);
      (void)sys::wait_pidfd(pidfd_.get());
    }
    EXPECT_TRUE(sys::list_directory(directory_.get()).empty()) << "the FIFOs are still there";
    ::rmdir(path_.data());
  }

  /// Init: at the gate, then `act`.
  template <typename Act>
  void init(Act act) {
    sys::Pipe ready = sys::make_pipe();
    init_ = ::fork();
    if (init_ == 0) {
      sys::set_name(kInitName);
      die_of_signals_at_gate();
      ready.write_end.reset();
      wait_for_go(ends_);
      act(ends_);
      ::_exit(0);
    }
    pidfd_ = sys::open_pidfd(init_);
    ends_ = {};
    ready.write_end.reset();
    (void)sys::read_all(ready.read_end.get());  // until init is at the gate
  }

  void open() { open_gate(directory_.get(), pidfd_.get(), init_); }

  Error failure() {
    try {
      open();
    } catch (const Error& error) {
      return error;
    }
    ADD_FAILURE() << "start has succeeded";
    return {ErrorKind::internal, ""};
  }

  void await_death() {
    ASSERT_TRUE(sys::wait_for(pidfd_.get(), POLLIN, sys::Deadline::after_ms(5000)));
  }

  static void execute(const GateEnds& ends, const char* path) {
    std::array<char*, 2> argv{const_cast<char*>(path), nullptr};
    answer_executing(ends, executing_answer(path));
    ::execve(path, argv.data(), environ);
    answer_error(ends, Error(ErrorKind::exec_failed, "execve").because_of("execve", errno));
  }

  std::string path_ = "/tmp/asylum-test-XXXXXX";
  sys::Fd directory_;
  GateEnds ends_;
  pid_t init_ = -1;
  sys::Fd pidfd_;
};

TEST_F(Gate, IsPrivateAndCloseOnExec) {
  struct stat status {};
  for (const char* name : {kGoName, kAnswerName}) {
    ASSERT_EQ(::fstatat(directory_.get(), name, &status, 0), 0);
    EXPECT_EQ(status.st_mode, static_cast<mode_t>(S_IFIFO | 0600)) << name;
  }
  EXPECT_NE(::fcntl(ends_.go.get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_NE(::fcntl(ends_.answer.get(), F_GETFD) & FD_CLOEXEC, 0);
  init([](const GateEnds& ends) { execute(ends, "/bin/true"); });
  open();
}

TEST_F(Gate, CreatedIsAFactOfTheKernel) {
  init([](const GateEnds& ends) { execute(ends, "/bin/true"); });
  EXPECT_TRUE(is_init_at_gate(directory_.get(), init_));
  open();
  EXPECT_FALSE(is_init_at_gate(directory_.get(), init_));
}

TEST_F(Gate, OfADeadInitIsNotCreated) {
  init([](const GateEnds&) {});
  ::kill(init_, SIGKILL);
  await_death();
  EXPECT_FALSE(is_init_at_gate(directory_.get(), init_));
  EXPECT_NE(failure().detail.find("killed by SIGKILL"), std::string::npos);
}

TEST_F(Gate, SucceedsWhenTheProgramExecutes) {
  init([](const GateEnds& ends) { execute(ends, "/bin/true"); });
  EXPECT_NO_THROW(open());
  await_death();
}

TEST_F(Gate, SucceedsForAProgramThatFailsByItself) {
  init([](const GateEnds& ends) { execute(ends, "/bin/false"); });
  EXPECT_NO_THROW(open());
}

// A process of the container that may open /proc/1/fd (CAP_SYS_PTRACE) holds the gate's ends.
TEST_F(Gate, SucceedsAndIsPassedThoughSomebodyElseHoldsItOpen) {
  const sys::Pipe pause = sys::make_pipe();  // what the program waits for
  const sys::Fd go = sys::open_at(directory_.get(), kGoName, O_RDWR);
  const sys::Fd answer = sys::open_at(directory_.get(), kAnswerName, O_RDWR);
  init([&pause](const GateEnds& ends) {
    ::dup2(pause.read_end.get(), 0);
    execute(ends, "/bin/cat");
  });
  EXPECT_TRUE(is_init_at_gate(directory_.get(), init_));
  EXPECT_NO_THROW(open());
  ends_ = make_gate(directory_.get());  // as a start that was killed leaves it
  EXPECT_FALSE(is_init_at_gate(directory_.get(), init_)) << "it is another program now";
  ASSERT_FALSE(sys::try_remove_at(directory_.get(), kGoName));
  ASSERT_FALSE(sys::try_remove_at(directory_.get(), kAnswerName));
}

TEST_F(Gate, ExplainsADeathThoughSomebodyElseHoldsItOpen) {
  const sys::Fd answer = sys::open_at(directory_.get(), kAnswerName, O_RDWR);
  init([](const GateEnds&) { ::_exit(9); });
  EXPECT_NE(failure().detail.find("exit status 9"), std::string::npos);
}

TEST_F(Gate, ThrowsTheErrorThoughSomebodyElseHoldsItOpen) {
  const sys::Fd answer = sys::open_at(directory_.get(), kAnswerName, O_RDWR);
  init([](const GateEnds& ends) { execute(ends, "/no/such/program"); });
  EXPECT_EQ(failure().err, ENOENT);
}

TEST_F(Gate, ThrowsTheErrorOfAFailedExecve) {
  init([](const GateEnds& ends) { execute(ends, "/no/such/program"); });
  const Error error = failure();
  EXPECT_EQ(error.kind, ErrorKind::exec_failed);
  EXPECT_EQ(error.err, ENOENT);
}

TEST_F(Gate, ThrowsAnErrorInsteadOfExecuting) {
  init([](const GateEnds& ends) {
    answer_error(
        ends, Error(ErrorKind::os, "hook startContainer[0] failed").at("/hooks/startContainer/0"));
  });
  EXPECT_EQ(failure().pointer, "/hooks/startContainer/0");
}

TEST_F(Gate, ExplainsADeathBetweenGoAndExecuting) {
  init([](const GateEnds&) { ::kill(::getpid(), SIGKILL); });
  const Error error = failure();
  EXPECT_EQ(error.kind, ErrorKind::exec_failed);
  EXPECT_NE(error.detail.find("between the start gate and execve: killed by SIGKILL"),
            std::string::npos)
      << error.detail;
}

TEST_F(Gate, ExplainsAnExitWithoutWord) {
  init([](const GateEnds&) { ::_exit(9); });
  EXPECT_NE(failure().detail.find("exit status 9"), std::string::npos);
}

TEST_F(Gate, ExplainsADeathAfterExecutingButBeforeExecve) {
  init([](const GateEnds& ends) {
    answer_executing(ends, executing_answer("/bin/x"));
    ::kill(::getpid(), SIGKILL);
  });
  EXPECT_NE(failure().detail.find("during execve of \"/bin/x\": killed by SIGKILL"),
            std::string::npos);
}

TEST_F(Gate, EndsInitOnTermIntAndHup) {
  for (const int signal : {SIGTERM, SIGINT, SIGHUP}) {
    if (init_ > 0) {  // again
      (void)sys::wait_pidfd(pidfd_.get());
      ends_ = make_gate(directory_.get());
    }
    init([](const GateEnds&) {});
    ::kill(init_, signal);
    await_death();
    EXPECT_NE(failure().detail.find(cat("exit status ", 128 + signal)), std::string::npos);
  }
}

TEST(PipeGateTest, ExplainsADeathBeforeGo) {
  PipeGate gate = make_pipe_gate();
  const pid_t child = ::fork();
  if (child == 0) {
    ::raise(SIGKILL);
    ::_exit(0);
  }
  gate.ends = {};
  const sys::Fd pidfd = sys::open_pidfd(child);
  ASSERT_TRUE(sys::wait_for(pidfd.get(), POLLIN, sys::Deadline::after_ms(5000)));
  const auto old = ::signal(SIGPIPE, SIG_IGN);
  try {
    open_gate(gate, pidfd.get(), child);
    ADD_FAILURE() << "exec has succeeded";
  } catch (const Error& error) {
    EXPECT_NE(error.detail.find("killed by SIGKILL"), std::string::npos) << error.detail;
  }
  ::signal(SIGPIPE, old);
  (void)sys::wait_pidfd(pidfd.get());
}

TEST(PipeGateTest, SucceedsThoughSomebodyElseHoldsItOpen) {
  PipeGate gate = make_pipe_gate();
  const sys::Pipe stdin_of_child = sys::make_pipe();
  const pid_t child = ::fork();
  if (child == 0) {
    sys::set_name(kInitName);
    ::dup2(stdin_of_child.read_end.get(), 0);
    wait_for_go(gate.ends);
    char* argv[] = {const_cast<char*>("cat"), nullptr};
    answer_executing(gate.ends, executing_answer("/bin/cat"));
    ::execve("/bin/cat", argv, environ);
    ::_exit(1);
  }
  const GateEnds held = std::move(gate.ends);
  const sys::Fd pidfd = sys::open_pidfd(child);
  EXPECT_NO_THROW(open_gate(gate, pidfd.get(), child));
  ::kill(child, SIGKILL);
  (void)sys::wait_pidfd(pidfd.get());
}

/// An executable ELF file with one segment at `address`, whose first instruction is illegal.
void write_elf(const std::string& path, std::uint64_t address) {
  std::string elf(
      "\x7f"
      "ELF\x02\x01\x01",
      7);
  const auto put = [&elf](std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) elf += static_cast<char>(value >> (8 * i));
  };
  elf.resize(16);
#if defined(__aarch64__)
  constexpr std::uint64_t machine = 183;
#else
  constexpr std::uint64_t machine = 62;
#endif
  for (const auto& [value, bytes] : {std::pair<std::uint64_t, int>{2, 2},
                                     {machine, 2},
                                     {1, 4},
                                     {address + 120, 8},
                                     {64, 8},
                                     {0, 8},
                                     {0, 4},
                                     {64, 2},
                                     {56, 2},
                                     {1, 2},
                                     {0, 6}}) {
    put(value, bytes);
  }
  for (const std::uint64_t value :
       {std::uint64_t{5} << 32 | 1, std::uint64_t{0}, address, address, std::uint64_t{4096},
        std::uint64_t{4096}, std::uint64_t{4096}}) {
    put(value, 8);
  }
  elf.resize(4096);  // zeros: they store to a null pointer on x86-64, and are illegal elsewhere
  const sys::Fd file = sys::open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_EXCL, 0755);
  sys::write_all(file.get(), elf);
}

class GateElf : public Gate {
 protected:
  void SetUp() override {
    Gate::SetUp();
    program_ = cat("/tmp/asylum-test-elf-", ::getpid());
  }
  void TearDown() override {
    ::unlink(program_.c_str());
    Gate::TearDown();
  }
  void init_executes() {
    const std::string path = program_;
    init([path](const GateEnds& ends) { execute(ends, path.c_str()); });
  }
  std::string program_;
};

TEST_F(GateElf, ThatCannotBeMappedFails) {
  for (const std::uint64_t address : {std::uint64_t{0xffff800000000000}, std::uint64_t{0x400123}}) {
    if (init_ > 0) {  // again
      (void)sys::wait_pidfd(pidfd_.get());
      ends_ = make_gate(directory_.get());
    }
    write_elf(program_, address);
    init_executes();
    const Error error = failure();
    ::unlink(program_.c_str());
    EXPECT_EQ(error.kind, ErrorKind::exec_failed);
    EXPECT_NE(error.detail.find(cat("during execve of \"", program_, "\": killed by SIGSEGV")),
              std::string::npos)
        << error.detail;
    EXPECT_FALSE(error.hint.empty());
  }
}

// Whether start comes before or after its death: a program that ran has been started.
TEST_F(GateElf, ThatCrashesAtItsFirstInstructionHasExecuted) {
  write_elf(program_, 0x400000);
  for (int round = 0; round < 20; ++round) {
    if (round > 0) {
      (void)sys::wait_pidfd(pidfd_.get());
      ends_ = make_gate(directory_.get());
    }
    init_executes();
    EXPECT_NO_THROW(open());
    await_death();
    EXPECT_FALSE(sys::wait_pidfd(pidfd_.get(), WNOWAIT)->exited);
  }
}

}  // namespace
}  // namespace asylum::process
