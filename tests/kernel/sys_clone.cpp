// SPDX-License-Identifier: Apache-2.0
// clone3: all namespaces at once, straight into a cgroup; and errors that name the namespace and
// its sysctl.
#include <errno.h>
#include <fcntl.h>
#include <gmock/gmock.h>
#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cstring>

#include "runtime/base/text.h"
#include "runtime/sys/loopback.h"
#include "runtime/sys/process/namespaces.h"
#include "runtime/sys/process/proc_text.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/signals.h"
#include "tests/kernel/kernel_support.h"
#include "tests/kernel/sys_cgroup_support.h"

namespace asylum::sys {
namespace {

using testing::HasSubstr;

constexpr std::uint64_t kAll =
    CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWCGROUP;

[[noreturn]] void report_pid(void*) noexcept {
  exit_now(::getpid() == 1 ? 7 : 1);
}
[[noreturn]] void end(void*) noexcept {
  exit_now(0);
}
[[noreturn]] void wait_for_death(void*) noexcept {
  set_parent_death_signal(SIGKILL);
  while (true) ::pause();
}

TEST(Clone, AllNamespacesAtOnce) {
  REQUIRE_ROOT();
  CloneRequest request;
  request.namespaces = kAll | CLONE_NEWUSER;
  const Child child = clone_process(request, report_pid, nullptr);
  EXPECT_EQ(wait_pidfd(child.pidfd.get())->code, 7);
}

TEST(Clone, StraightIntoTheCgroup) {
  REQUIRE_ROOT();
  const TestCgroup cgroup;
  if (!cgroup) GTEST_SKIP() << cgroup.reason();
  CloneRequest request;
  request.cgroup_fd = cgroup.fd();
  const Child child = clone_process(request, wait_for_death, nullptr);
  EXPECT_EQ(read_file_at(cgroup.fd(), "cgroup.procs"), cat(child.pid, "\n"));
  EXPECT_EQ(try_send_signal(child.pidfd.get(), SIGKILL), 0);
  (void)wait_pidfd(child.pidfd.get());
}

TEST(Clone, ARefusedCgroupIsNamedNotTheNamespaces) {
  REQUIRE_ROOT();
  CloneRequest request;
  request.namespaces = CLONE_NEWNS;
  const Fd no_cgroup = open_at(AT_FDCWD, "/tmp", O_RDONLY | O_DIRECTORY);
  request.cgroup_fd = no_cgroup.get();
  const Error error = error_from([&] { clone_process(request, end, nullptr); });
  EXPECT_EQ(error.detail, "make a process in the cgroup");
  EXPECT_EQ(error.syscall, "clone3");
}

TEST(Clone, TheRefusedNamespaceAndItsSysctlAreNamed) {
  REQUIRE_ROOT();
  in_child(CLONE_NEWUSER, [] {
    write_control_at(AT_FDCWD, "/proc/sys/user/max_net_namespaces", "0");
    CloneRequest request;
    request.namespaces = kAll;
    const Error error = error_from([&] { clone_process(request, end, nullptr); });
    EXPECT_EQ(error.detail, "make a network namespace");
    EXPECT_EQ(error.err, ENOSPC);
    EXPECT_THAT(error.hint, HasSubstr("user.max_net_namespaces"));
    const Error unshared = error_from([] { sys::unshare(CLONE_NEWNET); });
    EXPECT_EQ(unshared.detail, "make a network namespace");
    EXPECT_THAT(unshared.hint, HasSubstr("user.max_net_namespaces"));
    EXPECT_FALSE(reap_any()) << "a throw-away child was left";
  });
}

TEST(Clone, MissingPrivilegeIsNamed) {
  REQUIRE_ROOT();
  in_child(0, [] {
    ASSERT_EQ(::setresuid(65534, 65534, 65534), 0);
    CloneRequest request;
    request.namespaces = CLONE_NEWUTS;
    const Error error = error_from([&] { clone_process(request, end, nullptr); });
    EXPECT_EQ(error.err, EPERM);
    EXPECT_EQ(error.detail, "make a uts namespace");
    EXPECT_THAT(error.hint, HasSubstr("CAP_SYS_ADMIN"));
  });
}

TEST(Clone, ASiblingIsTheChildOfOurParent) {
  REQUIRE_ROOT();
  in_child(0, [] {
    // The middle process makes a sibling and ends; the sibling is then ours.
    set_child_subreaper();
    const Child middle = clone_process(
        {},
        [](void*) noexcept {
          CloneRequest request;
          request.as_sibling = true;
          request.exit_signal = 0;
          clone_process(
              request, [](void*) noexcept { exit_now(5); }, nullptr);
          exit_now(0);
        },
        nullptr);
    EXPECT_EQ(wait_pidfd(middle.pidfd.get())->code, 0);
    siginfo_t info{};
    ASSERT_EQ(::waitid(P_ALL, 0, &info, WEXITED | __WALL), 0);
    EXPECT_EQ(info.si_status, 5);
  });
}

TEST(Clone, ADescriptorIsFetchedByPidfd) {
  REQUIRE_ROOT();
  const Pipe pipe = make_pipe();
  const Child child = clone_process({}, wait_for_death, nullptr);
  const Fd copy = get_fd_of(child.pidfd.get(), pipe.read_end.get());
  EXPECT_EQ(identity_of(copy.get()), identity_of(pipe.read_end.get()));
  EXPECT_NE(::fcntl(copy.get(), F_GETFD) & FD_CLOEXEC, 0);
  EXPECT_EQ(try_send_signal(child.pidfd.get(), SIGKILL), 0);
  (void)wait_pidfd(child.pidfd.get());
}

TEST(Namespaces, TypeOwnerAndIdentity) {
  REQUIRE_ROOT();
  const Fd net = open_at(AT_FDCWD, "/proc/self/ns/net", O_RDONLY);
  EXPECT_EQ(namespace_type_of(net.get()), CLONE_NEWNET);
  const auto owner = owning_user_namespace(net.get());
  ASSERT_TRUE(owner);
  EXPECT_TRUE(
      same_namespace(owner->get(), open_at(AT_FDCWD, "/proc/self/ns/user", O_RDONLY).get()));
  const Fd no_namespace = open_at(AT_FDCWD, "/dev/null", O_RDONLY);
  EXPECT_EQ(error_from([&] { namespace_type_of(no_namespace.get()); }).kind, ErrorKind::denied);
}

TEST(Namespaces, AnOwnerAboveUsIsNotShown) {
  REQUIRE_ROOT();
  const Fd net = open_at(AT_FDCWD, "/proc/self/ns/net", O_RDONLY);
  const bool initial = in_initial_user_namespace();
  in_child(CLONE_NEWUSER, [&] {
    EXPECT_FALSE(owning_user_namespace(net.get()));
    EXPECT_FALSE(in_initial_user_namespace());
    EXPECT_EQ(error_from([&] { set_namespace(net.get(), CLONE_NEWNET); }).err, EPERM);
  });
  EXPECT_EQ(in_initial_user_namespace(), initial);
}

TEST(Namespaces, JoinedByDescriptor) {
  REQUIRE_ROOT();
  CloneRequest request;
  request.namespaces = CLONE_NEWUTS;
  const Child child = clone_process(request, wait_for_death, nullptr);
  in_child(0, [&] {
    const Fd uts = open_at(AT_FDCWD, cat("/proc/", child.pid, "/ns/uts"), O_RDONLY);
    set_namespace(uts.get(), CLONE_NEWUTS);
    set_hostname("asylum-joined");
    set_domainname("example");
    char name[64] = {};
    ::gethostname(name, sizeof name);
    EXPECT_STREQ(name, "asylum-joined");
    EXPECT_TRUE(same_namespace(uts.get(), open_at(AT_FDCWD, "/proc/self/ns/uts", O_RDONLY).get()));
    EXPECT_EQ(error_from([&] { set_namespace(uts.get(), CLONE_NEWNET); }).detail,
              "join the network namespace");
  });
  EXPECT_EQ(try_send_signal(child.pidfd.get(), SIGKILL), 0);
  (void)wait_pidfd(child.pidfd.get());
}

TEST(Loopback, IsUpOnlyAfterwards) {
  REQUIRE_ROOT();
  in_child(CLONE_NEWNET, [] {
    const auto is_up = [] {
      const Fd socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
      ifreq request{};
      std::strcpy(request.ifr_name, "lo");
      EXPECT_EQ(::ioctl(socket.get(), SIOCGIFFLAGS, &request), 0);
      return (request.ifr_flags & (IFF_UP | IFF_RUNNING)) == (IFF_UP | IFF_RUNNING);
    };
    EXPECT_FALSE(is_up());
    bring_loopback_up();
    EXPECT_TRUE(is_up());
  });
}

}  // namespace
}  // namespace asylum::sys
