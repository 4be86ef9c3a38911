// SPDX-License-Identifier: Apache-2.0
// A seccomp agent: a child of the test that answers one notification, whatever the profile's place
// in init's table.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>

#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/main/seccomp_agent.h"
#include "runtime/seccomp/compile.h"
#include "runtime/sys/file.h"
#include "runtime/sys/socket.h"
#include "tests/kernel/init_support.h"

namespace asylum::process {
namespace {

using ::testing::HasSubstr;

/// Answers every notification with errno 99 (EADDRNOTAVAIL, which nobody else would give) until it
/// is killed. Writes the document it got to `path`.
class Agent {
 public:
  explicit Agent(const BusyboxRoot& root) : document_(root.state() + "/document") {
    const sys::Fd listener = sys::bind_unix(root.state_fd(), "agent", SOCK_STREAM);
    EXPECT_EQ(::listen(listener.get(), 1), 0);
    pid_ = ::fork();
    if (pid_ == 0) serve(listener.get());
  }
  ~Agent() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  std::string document() const { return sys::read_file_at(AT_FDCWD, document_); }

 private:
  [[noreturn]] void serve(int socket) const {
    const sys::Fd peer(::accept4(socket, nullptr, nullptr, SOCK_CLOEXEC));
    const auto message = sys::receive_message(peer.get());
    const sys::Fd file = sys::open_at(AT_FDCWD, document_, O_WRONLY | O_CREAT, 0600);
    sys::write_all(file.get(), message->bytes);
    const int listener = message->fds.at(0).get();
    for (;;) {
      seccomp_notif request{};
      if (::ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0) continue;
      seccomp_notif_resp answer{};
      answer.id = request.id;
      answer.error = -99;
      ::ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
    }
  }

  std::string document_;
  pid_t pid_ = -1;
};

class ProcessSeccompAgent : public ::testing::Test {
 protected:
  void SetUp() override {
    REQUIRE_ROOT();
    if (!has_static_busybox()) GTEST_SKIP() << "needs busybox-static";
  }

  static plan::Plan notifying_plan(const BusyboxRoot& root, bool no_new_privileges) {
    plan::Plan plan = default_plan(root, "mkdir /dev/shm/x; echo ran");
    plan.process.identity.no_new_privileges = no_new_privileges;
    plan.seccomp.emplace();
    plan.seccomp->default_action = SeccompAction::allow;
    plan.seccomp->rules.push_back(
        {{"mkdir", "mkdirat"}, SeccompAction::notify, {}, {}, "/linux/seccomp/syscalls/0"});
    plan.seccomp->listener_path = root.state() + "/agent";
    plan.seccomp->listener_metadata = "some \"words\"";
    return plan;
  }

  static Outcome run(const BusyboxRoot& root, const plan::Plan& plan) {
    return run_container(root, plan,
                         {.filter = [&] { return seccomp::filter_program(*plan.seccomp, -1); }});
  }
};

TEST_F(ProcessSeccompAgent, DecidesForTheProgram) {
  for (const bool no_new_privileges : {true, false}) {
    const BusyboxRoot root;
    const Agent agent(root);
    const Outcome outcome = run(root, notifying_plan(root, no_new_privileges));
    EXPECT_EQ(outcome.error, "");
    EXPECT_THAT(outcome.output, HasSubstr("ran"));
    EXPECT_THAT(outcome.output,
                ::testing::ContainsRegex("annot assign requested address|Address not available"));
    EXPECT_THAT(agent.document(), HasSubstr("\"fds\":[\"seccompFd\"]"));
    EXPECT_THAT(agent.document(), HasSubstr("\"metadata\":\"some \\\"words\\\"\""));
    EXPECT_THAT(agent.document(), HasSubstr("\"state\":{\"ociVersion\""));
  }
}

TEST_F(ProcessSeccompAgent, ThatIsNotThereIsNamed) {
  const BusyboxRoot root;
  const Outcome outcome = run(root, notifying_plan(root, true));
  EXPECT_EQ(outcome.pointer, "/linux/seccomp/listenerPath");
  EXPECT_EQ(outcome.output, "");
}

}  // namespace
}  // namespace asylum::process
