// SPDX-License-Identifier: Apache-2.0
// Joining namespaces by path, with and without user namespace; main is where it was afterwards.
#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>
#include <vector>

#include "runtime/base/text.h"
#include "runtime/plan/types/plan.h"
#include "runtime/process/main/id_maps.h"
#include "runtime/process/rootfs/proc_opener.h"
#include "runtime/sys/file.h"
#include "runtime/sys/file_tree.h"
#include "runtime/sys/mount/fs_context.h"
#include "runtime/sys/process/process.h"
#include "tests/kernel/init_support.h"

namespace asylum::process {
namespace {

using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

constexpr const char* kNames[] = {
    "user", "mnt", "pid", "net", "ipc", "uts", "cgroup", "time", "pid_for_children"};

std::vector<std::string> namespaces_of(const std::string& who) {
  std::vector<std::string> links;
  for (const char* name : kNames) {
    if (std::string_view(name) == "time" && !has_time_namespaces()) continue;
    links.push_back(sys::read_link_at(AT_FDCWD, cat("/proc/", who, "/ns/", name)));
  }
  return links;
}

/// Another container: a sleeping process in new namespaces.
class Neighbour {
 public:
  explicit Neighbour(std::uint64_t namespaces) {
    child_ = sys::clone_process(
        {.namespaces = namespaces},
        [](void*) noexcept {
          sys::set_parent_death_signal(SIGKILL);
          for (;;) ::pause();
        },
        nullptr);
    if ((namespaces & CLONE_NEWUSER) == 0) return;
    plan::IdMaps maps;
    maps.uids = maps.gids = {{0, 0, 1}, {1, 100000, 65535}};
    write_id_maps(child_.pid, maps);
  }
  ~Neighbour() {
    (void)sys::try_send_signal(child_.pidfd.get(), SIGKILL);
    (void)sys::wait_pidfd(child_.pidfd.get());
  }
  std::string path(const char* name) const { return cat("/proc/", child_.pid, "/ns/", name); }
  std::string link(const char* name) const { return sys::read_link_at(AT_FDCWD, path(name)); }

 private:
  sys::Child child_;
};

class ProcessJoins : public ::testing::Test {
 protected:
  void SetUp() override {
    REQUIRE_ROOT();
    if (!has_static_busybox()) GTEST_SKIP() << "needs busybox-static";
    before_ = namespaces_of("self");
  }
  void TearDown() override {
    if (IsSkipped()) return;
    EXPECT_EQ(namespaces_of("self"), before_) << "main did not return";
    EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG | __WALL), -1) << "a child is left";
  }

  static void set_namespace(plan::Plan& plan, NamespaceType type, const std::string& path) {
    for (plan::Namespace& space : plan.namespaces) {
      if (space.type == type) {
        space.path = path;
        return;
      }
    }
    plan.namespaces.push_back({type, path, "/linux/namespaces/9"});
  }

  static plan::Plan plan_for(const BusyboxRoot& root, const std::string& script) {
    plan::Plan plan = default_plan(root, script);
    plan.loopback_up = false;
    plan.hostname.reset();
    return plan;
  }

  BusyboxRoot root_;
  std::vector<std::string> before_;
};

constexpr char kShow[] = "for n in net ipc uts pid user; do readlink /proc/self/ns/$n; done";

TEST_F(ProcessJoins, NetworkIpcUtsAndPidOfTheHost) {
  const Neighbour pod(CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID);
  plan::Plan plan = plan_for(root_, kShow);
  set_namespace(plan, NamespaceType::network, pod.path("net"));
  set_namespace(plan, NamespaceType::ipc, pod.path("ipc"));
  set_namespace(plan, NamespaceType::uts, pod.path("uts"));
  set_namespace(plan, NamespaceType::pid, pod.path("pid"));
  const Outcome outcome = run_container(root_, plan);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.output, cat(pod.link("net"), "\n", pod.link("ipc"), "\n", pod.link("uts"), "\n",
                                pod.link("pid"), "\n", before_[0], "\n"));
}

TEST_F(ProcessJoins, ANetworkOfTheHostWithANewUserNamespace) {
  const Neighbour pod(CLONE_NEWNET);
  plan::Plan plan = plan_for(root_, "readlink /proc/self/ns/net; id -u");
  plan.namespaces.insert(plan.namespaces.begin(), {NamespaceType::user, "", ""});
  plan.id_maps.emplace();
  plan.id_maps->uids = plan.id_maps->gids = {{0, 0, 1}, {1, 100000, 65535}};
  set_namespace(plan, NamespaceType::network, pod.path("net"));
  // sysfs belongs to the network namespace, which is not the container's own.
  std::erase_if(plan.mounts, [](const plan::Mount& mount) { return mount.fs_type == "sysfs"; });
  std::erase_if(plan.masked_paths,
                [](const plan::PathItem& item) { return item.path.starts_with("/sys"); });
  for (plan::DeviceNode& device : plan.devices) device.bind_from_host = true;
  const Outcome outcome = run_container(root_, plan);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.output, cat(pod.link("net"), "\n0\n"));
}

TEST_F(ProcessJoins, AUserNamespaceAndWhatItOwnsAndWhatTheHostOwns) {
  const Neighbour pod(CLONE_NEWUSER | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWPID | CLONE_NEWNET);
  const Neighbour host_network(CLONE_NEWUTS);
  plan::Plan plan = plan_for(root_, kShow);
  set_namespace(plan, NamespaceType::user, pod.path("user"));
  set_namespace(plan, NamespaceType::ipc, pod.path("ipc"));
  set_namespace(plan, NamespaceType::pid, pod.path("pid"));
  set_namespace(plan, NamespaceType::network, pod.path("net"));
  set_namespace(plan, NamespaceType::uts, host_network.path("uts"));
  for (plan::DeviceNode& device : plan.devices) device.bind_from_host = true;
  const Outcome outcome = run_container(root_, plan);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.output,
            cat(pod.link("net"), "\n", pod.link("ipc"), "\n", host_network.link("uts"), "\n",
                pod.link("pid"), "\n", pod.link("user"), "\n"));
}

std::string pid_namespace_of(pid_t pid) {
  return sys::read_link_at(AT_FDCWD, cat("/proc/", pid, "/ns/pid"));
}

// The builder is what the hooks of the host are told.
TEST_F(ProcessJoins, APidNamespaceIsBuiltForFromOutside) {
  const Neighbour pod(CLONE_NEWPID);
  plan::Plan plan =
      plan_for(root_, "readlink /proc/self/ns/pid; echo $$; test -d /proc/1 && echo neighbour");
  set_namespace(plan, NamespaceType::pid, pod.path("pid"));
  plan.hooks[static_cast<std::size_t>(HookStage::create_runtime)].push_back(
      {"/bin/true", {"true"}, {}, {}, ""});
  std::string of_builder;
  const Outcome outcome = run_container(
      root_, plan, {.host_hooks = [&](pid_t builder) { of_builder = pid_namespace_of(builder); }});
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(of_builder, pid_namespace_of(::getpid()));
  // Before Linux 6.18 pid 2 was that of the process which opened the proc.
  EXPECT_THAT(outcome.output, AnyOf(cat(pod.link("pid"), "\n2\nneighbour\n"),
                                    cat(pod.link("pid"), "\n3\nneighbour\n")));
}

TEST_F(ProcessJoins, APidNamespaceOfTheHostWithANewUserNamespace) {
  const Neighbour pod(CLONE_NEWPID);
  plan::Plan plan = plan_for(root_, "echo $$; id -u");
  plan.namespaces.insert(plan.namespaces.begin(), {NamespaceType::user, "", ""});
  plan.id_maps.emplace();
  plan.id_maps->uids = plan.id_maps->gids = {{0, 0, 1}, {1, 100000, 65535}};
  set_namespace(plan, NamespaceType::pid, pod.path("pid"));
  std::erase_if(plan.mounts, [](const plan::Mount& mount) { return mount.fs_type == "proc"; });
  for (plan::DeviceNode& device : plan.devices) device.bind_from_host = true;
  const Outcome outcome = run_container(root_, plan);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.output, "2\n0\n");
}

// It would be one that shows the host's processes.
TEST_F(ProcessJoins, AProcThatTheKernelRefusesIsNoOtherOne) {
  const Neighbour pod(CLONE_NEWPID);
  plan::Plan plan = plan_for(root_, "echo ran");
  plan.namespaces.insert(plan.namespaces.begin(), {NamespaceType::user, "", ""});
  plan.id_maps.emplace();
  plan.id_maps->uids = plan.id_maps->gids = {{0, 0, 1}, {1, 100000, 65535}};
  set_namespace(plan, NamespaceType::pid, pod.path("pid"));
  const Outcome outcome = run_container(root_, plan);
  EXPECT_THAT(outcome.error, HasSubstr("refuses a proc of the container's pid namespace on /proc"));
  EXPECT_EQ(outcome.pointer, "/mounts/0");
}

TEST_F(ProcessJoins, ABuilderTakesAllThatInitTakes) {
  const Neighbour pod(CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC);
  plan::Plan plan = plan_for(
      root_, "hostname; cat /proc/sys/net/ipv4/ip_forward; ulimit -n; readlink /proc/self/ns/net");
  set_namespace(plan, NamespaceType::pid, pod.path("pid"));
  set_namespace(plan, NamespaceType::network, pod.path("net"));
  set_namespace(plan, NamespaceType::ipc, pod.path("ipc"));
  plan.hostname = "builder";
  plan.sysctls = {{"net.ipv4.ip_forward", "1", "/linux/sysctl"}};
  const Outcome outcome = run_container(root_, plan);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.output, cat("builder\n1\n1024\n", pod.link("net"), "\n"));
}

TEST_F(ProcessJoins, ABuildersStepThatFailsKeepsItsPointer) {
  const Neighbour pod(CLONE_NEWPID);
  plan::Plan plan = plan_for(root_, "echo ran");
  set_namespace(plan, NamespaceType::pid, pod.path("pid"));
  plan.process.memory_policy = plan::MemoryPolicy{2, {1023}};  // MPOL_BIND
  const Outcome outcome = run_container(root_, plan);
  // ENOSYS: a kernel without NUMA.
  EXPECT_THAT(outcome.error,
              MatchesRegex("cannot set the memory policy: (invalid argument|function not "
                           "implemented) .config.json#/linux/memoryPolicy."));
}

TEST_F(ProcessJoins, ABuilderInATimeNamespaceWithOffsets) {
  if (!has_time_namespaces()) GTEST_SKIP() << "this kernel has no time namespaces";
  const Neighbour pod(CLONE_NEWPID);
  plan::Plan plan = plan_for(root_, "cat /proc/self/timens_offsets; readlink /proc/self/ns/time");
  set_namespace(plan, NamespaceType::pid, pod.path("pid"));
  plan.namespaces.push_back({NamespaceType::time, "", ""});
  plan.time_offsets = {{"monotonic", 5, 0, ""}};
  const Outcome outcome = run_container(root_, plan);
  EXPECT_EQ(outcome.error, "");
  EXPECT_THAT(outcome.output, testing::MatchesRegex("monotonic +5 +0\nboottime +0 +0\ntime:.*\n"));
  EXPECT_THAT(outcome.output,
              testing::Not(HasSubstr(sys::read_link_at(AT_FDCWD, "/proc/self/ns/time"))));
}

/// What a builder has of a pid namespace that it joins last.
class InBuilder {
 public:
  explicit InBuilder(const std::string& path)
      : channels_(make_channel()),
        context{.plan = plan_, .channel = std::move(channels_.second), .gate = gate_} {
    context.pid_namespace = sys::open_at(AT_FDCWD, path, O_RDONLY);
    context.last_join = Join{NamespaceType::pid, context.pid_namespace.dup(), path, "", 0};
  }

 private:
  plan::Plan plan_;
  GateEnds gate_;
  std::pair<ParentChannel, ChildChannel> channels_;

 public:
  InitContext context;
};

// As below Linux 6.18.
TEST_F(ProcessJoins, AProcThatAProcessInsideHasOpenedIsOfThatNamespace) {
  const Neighbour pod(CLONE_NEWPID);
  const Neighbour other(CLONE_NEWPID);
  InBuilder builder(pod.path("pid"));
  sys::FsContext fs = open_proc_inside(builder.context);
  fs.create();
  const sys::Fd proc = fs.mount(0);
  EXPECT_TRUE(sys::try_open_at(proc.get(), "1/stat", O_RDONLY));
  EXPECT_FALSE(sys::try_open_at(proc.get(), cat(::getpid()), O_PATH));
  EXPECT_NO_THROW(prove_pid_namespace(proc.get(), builder.context.pid_namespace));
  const InBuilder wrong(other.path("pid"));
  EXPECT_THROW(prove_pid_namespace(proc.get(), wrong.context.pid_namespace), Error);
}

TEST_F(ProcessJoins, WhatCannotBeOpenedInsideIsSaid) {
  const Neighbour pod(CLONE_NEWPID);
  InBuilder builder(pod.path("net"));
  try {
    (void)open_proc_inside(builder.context);
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_EQ(error.syscall, "setns");
    EXPECT_EQ(error.err, EINVAL);
  }
}

TEST_F(ProcessJoins, ATimeNamespace) {
  if (!has_time_namespaces()) GTEST_SKIP() << "this kernel has no time namespaces";
  const Neighbour pod(CLONE_NEWTIME);
  plan::Plan plan = plan_for(root_, "readlink /proc/self/ns/time");
  set_namespace(plan, NamespaceType::time, pod.path("time_for_children"));
  const Outcome outcome = run_container(root_, plan);
  EXPECT_EQ(outcome.error, "");
  EXPECT_EQ(outcome.output, cat(pod.link("time_for_children"), "\n"));
}

TEST_F(ProcessJoins, AMountNamespaceOfTheHostIsRefusedToANewUserNamespace) {
  const Neighbour pod(CLONE_NEWNS);
  plan::Plan plan = plan_for(root_, "echo ran");
  plan.namespaces.insert(plan.namespaces.begin(), {NamespaceType::user, "", ""});
  plan.id_maps.emplace();
  plan.id_maps->uids = plan.id_maps->gids = {{0, 0, 1}};
  set_namespace(plan, NamespaceType::mount, pod.path("mnt"));
  const Outcome outcome = run_container(root_, plan);
  EXPECT_THAT(outcome.error, HasSubstr("belongs to another user namespace"));
  EXPECT_THAT(outcome.pointer, HasSubstr("/path"));
}

TEST_F(ProcessJoins, AnErrorOfInitBehindTheBridgeIsReported) {
  const Neighbour pod(CLONE_NEWUSER);
  plan::Plan plan = plan_for(root_, "echo ran");
  set_namespace(plan, NamespaceType::user, pod.path("user"));
  plan.process.args = {"/no/such/program"};
  for (plan::DeviceNode& device : plan.devices) device.bind_from_host = true;
  const Outcome outcome = run_container(root_, plan);
  EXPECT_THAT(outcome.error, HasSubstr("/no/such/program"));
}

}  // namespace
}  // namespace asylum::process
