// SPDX-License-Identifier: Apache-2.0
// The verbs of a container's life on a real kernel, and what they leave behind: nothing.

#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/cgroup/driver.h"
#include "runtime/container/host/probe_cgroups.h"
#include "runtime/container/host/probe_host.h"
#include "runtime/container/state/journal.h"
#include "runtime/container/state/settings.h"
#include "runtime/container/state/state_store.h"
#include "runtime/container/state/undo.h"
#include "runtime/container/verbs/create.h"
#include "runtime/container/verbs/create_options.h"
#include "runtime/container/verbs/kill.h"
#include "runtime/container/verbs/list.h"
#include "runtime/container/verbs/remove.h"
#include "runtime/container/verbs/run.h"
#include "runtime/container/verbs/start.h"
#include "runtime/sys/file.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/process/process.h"
#include "spec/default_spec.h"
#include "spec/write.h"
#include "tests/base/thrown_by.h"
#include "tests/kernel/init_support.h"

namespace asylum::container {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ContainerKernelTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (::geteuid() != 0) GTEST_SKIP() << "needs root";
    if (!process::has_static_busybox()) GTEST_SKIP() << "needs busybox-static";
    if (mount_point().empty()) GTEST_SKIP() << "needs a cgroup2 mount";
    root_.emplace();
    spec_ = spec::default_spec();
    spec_.process->terminal = false;
    spec_.root->path = root_->path();
    spec_.linux.cgroups_path = cgroup_path_;
    run("exec sleep 1000");
    settings_.root = cat(state_.path(), "/root");
    options_.id = "web1";
    options_.bundle = state_.path();
  }
  void TearDown() override {
    if (!root_) return;
    remove(settings_, "web1", true);
    EXPECT_FALSE(has_cgroup()) << "left behind";
    EXPECT_THAT(StateStore(settings_).ids(), IsEmpty());
  }

  static std::string mount_point() { return probe_cgroups().mount_point; }
  bool has_cgroup() const {
    return sys::try_identity_at(AT_FDCWD, cat(mount_point(), cgroup_path_)).has_value();
  }
  void run(const std::string& script) {
    spec_.process->args = {"/bin/busybox", "sh", "-c", script};
  }
  void write_config() { state_.write("config.json", spec::write(spec_)); }
  void create_container() {
    write_config();
    create(settings_, options_);
  }
  std::string status() const { return state(settings_, "web1").status; }
  /// Reaps init: we are its parent, and nobody else would.
  void wait_for_end() const {
    const pid_t pid = state(settings_, "web1").pid;
    if (pid > 0) ::waitpid(pid, nullptr, 0);
  }

  const std::string cgroup_path_ = cat("/asylum-test-container-", ::getpid());
  std::optional<process::BusyboxRoot> root_;
  sys::TemporaryDirectory state_;
  spec::Spec spec_;
  Settings settings_;
  CreateOptions options_;
};

TEST_F(ContainerKernelTest, LivesAndDies) {
  options_.pid_file = cat(state_.path(), "/pid");
  create_container();
  EXPECT_EQ(status(), "created");
  EXPECT_TRUE(has_cgroup());
  const spec::State seen = state(settings_, "web1");
  EXPECT_EQ(sys::read_file_at(state_.fd(), "pid"), cat(seen.pid));
  EXPECT_EQ(seen.bundle, state_.path());
  EXPECT_EQ(seen.rootfs, root_->path());
  start(settings_, "web1");
  EXPECT_EQ(status(), "running");
  EXPECT_EQ(thrown_by([&] { start(settings_, "web1"); }).detail,
            "cannot start an already running container");
  EXPECT_EQ(thrown_by([&] { remove(settings_, "web1", false); }).detail,
            "cannot delete container web1 that is not stopped: running");
  kill(settings_, "web1", SIGKILL, false);
  wait_for_end();
  EXPECT_EQ(status(), "stopped");
  EXPECT_EQ(state(settings_, "web1").pid, 0);
  const Error error = thrown_by([&] { kill(settings_, "web1", SIGTERM, false); });
  EXPECT_EQ(error.detail, "container not running");
  EXPECT_EQ(error.err, ESRCH);
  EXPECT_EQ(thrown_by([&] { start(settings_, "web1"); }).detail,
            "cannot start a container that has stopped");
  remove(settings_, "web1", false);
  EXPECT_FALSE(has_cgroup());
  EXPECT_TRUE(state_.exists("pid"));  // its reader's, since create had succeeded
}

TEST_F(ContainerKernelTest, ACreatedContainerIsKilledByDelete) {
  create_container();
  const pid_t pid = state(settings_, "web1").pid;
  remove(settings_, "web1", false);
  EXPECT_EQ(::kill(pid, 0), -1);
}

TEST_F(ContainerKernelTest, AFailingCreateLeavesNothing) {
  options_.pid_file = cat(state_.path(), "/pid");
  spec::Mount mount;
  mount.destination = "/data";
  mount.type = "bind";
  mount.source = "/no/such";
  mount.options = {"bind"};
  spec_.mounts.push_back(mount);
  const Error error = thrown_by([&] { create_container(); });
  EXPECT_EQ(error.err, ENOENT);
  EXPECT_GT(error.line, 0U);  // of the config
  EXPECT_FALSE(has_cgroup());
  EXPECT_FALSE(state_.exists("pid"));
  EXPECT_THAT(StateStore(settings_).ids(), IsEmpty());
}

TEST_F(ContainerKernelTest, AFailingCreateRunsPoststopHooksOnceHooksHaveBegun) {
  spec_.hooks.create_runtime = {{"/bin/false", {"false"}, {}, {}, {}}};
  spec_.hooks.poststop = {
      {"/bin/sh", {"sh", "-c", cat("cat > ", state_.path(), "/poststop")}, {}, {}, {}}};
  const Error error = thrown_by([&] { create_container(); });
  EXPECT_EQ(error.pointer, "/hooks/createRuntime/0");
  EXPECT_THAT(sys::try_read_file_at(state_.fd(), "poststop").value_or(""), HasSubstr("stopped"));
}

TEST_F(ContainerKernelTest, AnIdIsTakenOnceAndTheFirstIsUnharmed) {
  create_container();
  EXPECT_EQ(thrown_by([&] { create_container(); }).kind, ErrorKind::already_exists);
  EXPECT_EQ(status(), "created");
}

TEST_F(ContainerKernelTest, AnotherContainersCgroupIsRefusedAndUnharmed) {
  create_container();
  CreateOptions second = options_;
  second.id = "web2";
  EXPECT_EQ(thrown_by([&] { create(settings_, second); }).kind, ErrorKind::already_exists);
  EXPECT_EQ(status(), "created");
  start(settings_, "web1");
  EXPECT_EQ(status(), "running");
}

TEST_F(ContainerKernelTest, AFailingPoststartHookStopsTheContainer) {
  spec_.hooks.poststart = {{"/bin/false", {"false"}, {}, {}, {}}};
  create_container();
  EXPECT_EQ(thrown_by([&] { start(settings_, "web1"); }).pointer, "/hooks/poststart/0");
  wait_for_end();
  EXPECT_EQ(status(), "stopped");
}

TEST_F(ContainerKernelTest, KillOfASharedPidNamespaceKillsTheWholeCgroup) {
  std::erase_if(spec_.linux.namespaces,
                [](const spec::Namespace& one) { return one.type == NamespaceType::pid; });
  run("sleep 1000 & exec sleep 1000");
  create_container();
  start(settings_, "web1");
  kill(settings_, "web1", SIGKILL, false);
  wait_for_end();
  const cgroup::Cgroup cgroup(
      sys::open_at(AT_FDCWD, cat(mount_point(), cgroup_path_), O_RDONLY | O_DIRECTORY), "");
  EXPECT_TRUE(cgroup.wait_until_empty(sys::Deadline::after_ms(5000)));
}

TEST_F(ContainerKernelTest, APausedContainerIsPausedAndCanBeDeletedByForce) {
  create_container();
  start(settings_, "web1");
  const cgroup::Cgroup cgroup(
      sys::open_at(AT_FDCWD, cat(mount_point(), cgroup_path_), O_RDONLY | O_DIRECTORY), "");
  cgroup.set_frozen(true, sys::Deadline::after_ms(5000));
  EXPECT_EQ(status(), "paused");
  EXPECT_EQ(thrown_by([&] { remove(settings_, "web1", false); }).kind, ErrorKind::wrong_state);
  remove(settings_, "web1", true);
  EXPECT_FALSE(has_cgroup());
}

TEST_F(ContainerKernelTest, RunReturnsTheProgramsCodeAndLeavesNothing) {
  run("exit 7");
  write_config();
  EXPECT_EQ(container::run(settings_, options_), 7);
  EXPECT_FALSE(has_cgroup());
  EXPECT_THAT(StateStore(settings_).ids(), IsEmpty());
}

TEST_F(ContainerKernelTest, WithoutACgroupManagerThereIsNoCgroup) {
  settings_.cgroup_manager = CgroupManager::disabled;
  spec_.linux.resources = {};
  create_container();
  EXPECT_FALSE(has_cgroup());
  EXPECT_EQ(status(), "created");
  remove(settings_, "web1", true);
}

TEST_F(ContainerKernelTest, TheSystemdManagerIsRefusedBeforeAnythingIsMade) {
  settings_.cgroup_manager = CgroupManager::systemd;
  EXPECT_EQ(thrown_by([&] { create_container(); }).kind, ErrorKind::unsupported);
  EXPECT_THAT(StateStore(settings_).ids(), IsEmpty());
}

TEST_F(ContainerKernelTest, ATerminalNeedsAConsoleSocketAndTheOtherWayRound) {
  options_.console_socket = "/no/such";
  EXPECT_THAT(thrown_by([&] { create_container(); }).detail,
              HasSubstr("cannot use console socket if asylum-runc will not detach"));
  options_.console_socket.clear();
  spec_.process->terminal = true;
  EXPECT_THAT(thrown_by([&] { create_container(); }).detail,
              HasSubstr("cannot allocate tty if asylum-runc will detach"));
}

// A journal whose cgroup and pid now belong to another container.
TEST_F(ContainerKernelTest, AStaleJournalHarmsNoOtherContainer) {
  create_container();
  start(settings_, "web1");
  const sys::Fd directory = StateStore(settings_).open("web1");
  Ledger stale = load_ledger(directory.get(), "web1");
  stale.cgroup->directory.inode -= 1;
  stale.init->start_time_ticks -= 1;
  const sys::TemporaryDirectory other;
  undo_effects(other.fd(), stale, sys::Deadline::after_ms(5000));
  EXPECT_EQ(status(), "running");
  EXPECT_TRUE(has_cgroup());
}

}  // namespace
}  // namespace asylum::container
