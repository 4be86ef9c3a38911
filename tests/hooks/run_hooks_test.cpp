// SPDX-License-Identifier: Apache-2.0
// Hooks as real programs: what they get, and what is said when they fail.
#include "hooks/run_hooks.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <optional>
#include <string>

#include "hooks/state_document.h"
#include "runtime/base/error.h"
#include "runtime/base/report.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/hooks.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/process/captured_child.h"
#include "runtime/sys/process/process.h"

namespace asylum::hooks {
namespace {

class Hooks : public testing::Test {
 protected:
  void SetUp() override { ASSERT_NE(::mkdtemp(directory_.data()), nullptr); }
  void TearDown() override {
    const sys::Fd tmp = sys::open_at(AT_FDCWD, "/tmp", O_RDONLY | O_DIRECTORY);
    sys::remove_tree_at(tmp.get(), directory_.substr(5));
  }

  plan::Hook script(const std::string& text) {
    const std::string path = cat(directory_, "/hook", count_++);
    const sys::Fd file = sys::open_at(AT_FDCWD, path, O_WRONLY | O_CREAT | O_EXCL, 0755);
    sys::write_all(file.get(), "#!/bin/sh\n" + text + "\n");
    plan::Hook hook;
    hook.path = path;
    hook.args = {path};
    hook.pointer = "/hooks/createRuntime/0";
    return hook;
  }

  std::string output() {
    return sys::try_read_file_at(AT_FDCWD, directory_ + "/out").value_or("(none)");
  }
  std::string to_out() { return " > " + directory_ + "/out"; }

  void run(const plan::Hook& hook) { run(std::vector<plan::Hook>{hook}); }
  void run(const std::vector<plan::Hook>& hooks) {
    run_hooks({HookStage::create_runtime, hooks, state_, env_, {}});
  }
  std::string failure(const plan::Hook& hook) {
    try {
      run(hook);
    } catch (const Error& error) {
      return sentence_of(error);
    }
    return "(it succeeded)";
  }

  std::string directory_ = "/tmp/asylum-test-XXXXXX";
  int count_ = 0;
  std::string state_ = "{\"id\":\"x\"}\n";
  const std::vector<std::string>* env_ = nullptr;
};

TEST_F(Hooks, GetTheStateOnStdin) {
  run(script("cat" + to_out()));
  EXPECT_EQ(output(), state_);
}

TEST_F(Hooks, EachGetsTheStateFromItsBeginning) {
  run({script("cat > /dev/null"), script("cat" + to_out())});
  EXPECT_EQ(output(), state_);
}

TEST_F(Hooks, NeedNotReadALargeState) {
  state_ = std::string(300'000, 'x');
  EXPECT_NO_THROW(run(script("exit 0")));
}

TEST_F(Hooks, GetTheArgumentsOfTheConfig) {
  plan::Hook hook = script("echo \"$1-$2\"" + to_out());
  hook.args = {"other-name", "a b", "c"};
  run(hook);
  EXPECT_EQ(output(), "a b-c\n");
}

TEST_F(Hooks, WithoutEnvInheritOurs) {
  ::setenv("ASYLUM_TEST_HOOK", "ours", 1);
  run(script("echo \"$ASYLUM_TEST_HOOK\"" + to_out()));
  EXPECT_EQ(output(), "ours\n");
  const std::vector<std::string> container{"ASYLUM_TEST_HOOK=container"};
  env_ = &container;
  run(script("echo \"$ASYLUM_TEST_HOOK\"" + to_out()));
  EXPECT_EQ(output(), "container\n");
  ::unsetenv("ASYLUM_TEST_HOOK");
}

TEST_F(Hooks, WithEnvGetExactlyThat) {
  ::setenv("ASYLUM_TEST_HOOK", "ours", 1);
  plan::Hook hook = script("echo \"$A$ASYLUM_TEST_HOOK\"" + to_out());
  hook.env = std::vector<std::string>{"A=b"};
  run(hook);
  EXPECT_EQ(output(), "b\n");
  ::unsetenv("ASYLUM_TEST_HOOK");
}

TEST_F(Hooks, RunInOrderAndStopAtTheFirstFailure) {
  const std::string append = " >> " + directory_ + "/out";
  EXPECT_THROW(run({script("echo 1" + append), script("exit 1"), script("echo 3" + append)}),
               Error);
  EXPECT_EQ(output(), "1\n");
}

TEST_F(Hooks, HaveNoDescriptorOfOurs) {
  const int leaked = ::open("/dev/null", O_RDONLY);  // not close-on-exec, as one our caller gave us
  run(script("ls /proc/self/fd | wc -l" + to_out()));
  ::close(leaked);
  EXPECT_EQ(trim(output()), "4");  // 0, 1, 2 and the directory that ls reads
}

TEST_F(Hooks, HaveDefaultSignals) {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &before);
  ::signal(SIGUSR1, SIG_IGN);
  run(script("grep -E '^Sig(Blk|Ign)' /proc/self/status" + to_out()));
  ::signal(SIGUSR1, SIG_DFL);
  ::sigprocmask(SIG_SETMASK, &before, nullptr);
  EXPECT_EQ(output(), "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n");
}

TEST_F(Hooks, FailureNamesStageIndexPathCodeAndStderr) {
  const plan::Hook hook = script("echo to-stdout; echo first >&2; echo no such bridge >&2; exit 3");
  EXPECT_EQ(
      failure(hook),
      cat("hook createRuntime[0] \"", hook.path,
          "\" exited with code 3: first | no such bridge (config.json#/hooks/createRuntime/0)"));
}

TEST_F(Hooks, FailureShowsStdoutWhenStderrIsSilent) {
  EXPECT_NE(failure(script("echo word; exit 3")).find("exited with code 3: word"),
            std::string::npos);
}

TEST_F(Hooks, FailureNamesTheSignal) {
  EXPECT_NE(failure(script("kill -SEGV $$")).find("was killed by SIGSEGV"), std::string::npos);
}

TEST_F(Hooks, MissingProgramIsNamedWithItsErrno) {
  plan::Hook hook;
  hook.path = "/no/such/hook";
  hook.pointer = "/hooks/createRuntime/0";
  EXPECT_EQ(
      failure(hook),
      "hook createRuntime[0] \"/no/such/hook\" could not be executed: no such file or directory "
      "(config.json#/hooks/createRuntime/0)");
}

TEST_F(Hooks, PastItsTimeoutIsKilledWithItsGroup) {
  plan::Hook hook = script(cat("sleep 1000 & echo $! > ", directory_, "/out; wait"));
  hook.timeout_s = 1;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_NE(failure(hook).find("ran past its timeout of 1 s and was killed"), std::string::npos);
  const auto took = std::chrono::steady_clock::now() - began;
  EXPECT_GE(took, std::chrono::milliseconds(990));
  EXPECT_LT(took, std::chrono::seconds(20));
  const auto sleeper = parse_u64(trim(output()));
  ASSERT_TRUE(sleeper);
  // The signal was sent before run_hooks returned; on a busy machine the process dies a moment
  // later. Gone, or a zombie that waits for whoever is its reaper here.
  const auto pidfd = sys::try_open_pidfd(static_cast<pid_t>(*sleeper));
  EXPECT_TRUE(!pidfd || sys::wait_for(pidfd->get(), POLLIN, sys::Deadline::after_ms(10'000)));
}

TEST_F(Hooks, WithinItsTimeoutIsLeftAlone) {
  plan::Hook hook = script("exit 0");
  hook.timeout_s = 30;
  EXPECT_NO_THROW(run(hook));
}

TEST_F(Hooks, EndWhenTheProgramEndsWhateverHoldsItsStderr) {
  plan::Hook hook =
      script(cat("sleep 1000 & echo $! > ", directory_, "/out; echo said >&2; exit 2"));
  hook.timeout_s = 60;
  EXPECT_NE(failure(hook).find("exited with code 2: said"), std::string::npos);
  ::kill(static_cast<pid_t>(*parse_u64(trim(output()))), SIGKILL);
}

TEST_F(Hooks, MuchOutputIsReadAndOnlyItsEndKept) {
  sys::CapturedRequest request;
  request.path = "/bin/sh";
  request.args = {"sh", "-c",
                  "i=0; while [ $i -lt 50000 ]; do echo line $i >&2; i=$((i+1)); done; exit 1"};
  const sys::CapturedEnd end = sys::run_captured(request);
  EXPECT_EQ(end.errors.size(), sys::kTailBytes);
  EXPECT_EQ(sys::last_words(end), "line 49997 | line 49998 | line 49999");
}

TEST_F(Hooks, AreReportedToTheJournal) {
  pid_t seen = 0;
  const std::vector<plan::Hook> hooks{script("echo $$" + to_out())};
  run_hooks({HookStage::poststop, hooks, state_, nullptr, [&](pid_t pid) { seen = pid; }});
  EXPECT_EQ(output(), cat(seen, "\n"));
}

TEST_F(Hooks, DieWithTheirCaller) {
  const plan::Hook hook = script(cat("echo $$ > ", directory_, "/out; exec sleep 1000"));
  const pid_t caller = ::fork();
  if (caller == 0) {
    run(hook);
    ::_exit(0);
  }
  std::optional<std::uint64_t> pid;
  for (int i = 0; i < 500 && !(pid = parse_u64(trim(output()))); ++i) ::usleep(10'000);
  ASSERT_TRUE(pid);
  const sys::Fd pidfd = sys::open_pidfd(static_cast<pid_t>(*pid));
  ::kill(caller, SIGKILL);
  pollfd wanted{pidfd.get(), POLLIN, 0};
  EXPECT_EQ(::poll(&wanted, 1, 10'000), 1) << "the hook outlives its caller";
  ::waitpid(caller, nullptr, 0);
}

TEST(StateDocument, HasWhatTheSpecificationRequires) {
  const plan::StateSeed seed{"1.3.0", "web1", "/b \"q\"", {{"k/1", "v\n"}}};
  EXPECT_EQ(state_document(seed, 42, "creating"),
            "{\"ociVersion\":\"1.3.0\",\"id\":\"web1\",\"status\":\"creating\",\"pid\":42,"
            "\"bundle\":\"/b "
            "\\\"q\\\"\",\"annotations\":{\"k/1\":\"v\\n\"}}\n");
  EXPECT_EQ(state_document({"1.3.0", "x", "/b", {}}, 0, "stopped"),
            "{\"ociVersion\":\"1.3.0\",\"id\":\"x\",\"status\":\"stopped\",\"bundle\":\"/b\"}\n");
}

TEST(StateDocument, SurvivesBytesThatAreNoUtf8) {
  EXPECT_NO_THROW(state_document({"1.3.0", "x", "/b\xff", {}}, 1, "created"));
}

}  // namespace
}  // namespace asylum::hooks
