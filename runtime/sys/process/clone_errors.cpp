// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/process/clone_errors.h"

#include <linux/sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/process/namespaces.h"

namespace asylum::sys {
namespace {

constexpr std::uint64_t kNamespaces[] = {CLONE_NEWUSER,   CLONE_NEWNS,  CLONE_NEWPID,
                                         CLONE_NEWNET,    CLONE_NEWIPC, CLONE_NEWUTS,
                                         CLONE_NEWCGROUP, CLONE_NEWTIME};

// A child that ends at once: 0, or the errno of the clone3 that would have made it.
int try_clone(std::uint64_t flags, int cgroup_fd) {
  clone_args args{};
  args.flags = flags;
  args.exit_signal = SIGCHLD;
  if (cgroup_fd >= 0) {
    args.flags |= CLONE_INTO_CGROUP;
    args.cgroup = static_cast<std::uint64_t>(cgroup_fd);
  }
  const long pid = ::syscall(SYS_clone3, &args, sizeof args);
  if (pid == 0) ::_exit(0);
  if (pid < 0) return errno;
  siginfo_t info{};
  while (::waitid(P_PID, static_cast<id_t>(pid), &info, WEXITED) != 0 && errno == EINTR) {
  }
  return 0;
}

std::string hint_for_cgroup_error(int error_number) {
  switch (error_number) {
    case EBUSY:
      return "the cgroup has controllers enabled for its children, so it cannot hold processes "
             "itself";
    case EOPNOTSUPP:
      return "the cgroup is of type \"domain invalid\": a parent is threaded";
    case EACCES:
      return "moving a process needs write permission on cgroup.procs of the common ancestor";
    case EAGAIN:
      return "pids.max of the cgroup or of an ancestor is reached";
    case ENODEV:
      return "the cgroup was removed meanwhile";
    default:
      return {};
  }
}

[[noreturn]] void refuse(std::string detail, int error_number, std::string hint) {
  throw_os("clone3", error_number, std::move(detail), std::move(hint));
}

}  // namespace

std::string hint_for_namespace_error(std::uint64_t flag, int error_number) {
  const int signed_flag = static_cast<int>(flag);
  switch (error_number) {
    case ENOSPC:
    case EUSERS:
      return cat(
          "the limit of such namespaces is reached: raise the sysctl ",
          namespace_sysctl(signed_flag),
          flag == CLONE_NEWUSER || flag == CLONE_NEWPID ? " (or they are nested 32 deep)" : "");
    case EPERM:
      if (flag == CLONE_NEWUSER) {
        return "user namespaces are forbidden here: see the sysctls "
               "kernel.unprivileged_userns_clone and "
               "kernel.apparmor_restrict_unprivileged_userns, a seccomp filter around us, or a "
               "chroot";
      }
      return "it needs CAP_SYS_ADMIN, or a new user namespace in /linux/namespaces";
    case EINVAL:
      return "this kernel is built without such namespaces";
    default:
      return {};
  }
}

void throw_clone_error(const CloneRequest& request, int error_number) {
  const int plain = try_clone(0, -1);
  if (plain != 0) {
    refuse("make a process", plain,
           plain == EAGAIN
               ? "the limit of processes is reached: RLIMIT_NPROC, pids.max or kernel.pid_max"
               : "");
  }
  if (request.cgroup_fd >= 0) {
    const int failed = try_clone(0, request.cgroup_fd);
    if (failed != 0) refuse("make a process in the cgroup", failed, hint_for_cgroup_error(failed));
  }
  const std::uint64_t user = request.namespaces & CLONE_NEWUSER;
  for (const std::uint64_t flag : kNamespaces) {
    if ((request.namespaces & flag) == 0) continue;
    const int failed =
        try_clone(user | flag, -1);  // as in the real call, privilege comes from the user namespace
    if (failed == 0) continue;
    refuse(cat("make a ", namespace_name(static_cast<int>(flag)), " namespace"), failed,
           hint_for_namespace_error(flag, failed));
  }
  refuse("make a process with all its namespaces", error_number, {});
}

}  // namespace asylum::sys
