// SPDX-License-Identifier: Apache-2.0
// Processes: clone3, pidfds, waiting, the few prctl(2) we use. No vfork, no CLONE_VM, no threads.
#pragma once

#include <sched.h>
#include <signal.h>
#include <sys/types.h>
#include <sys/wait.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "runtime/sys/fd.h"

namespace asylum::sys {

struct CloneRequest {
  std::uint64_t namespaces = 0;  // CLONE_NEW* (CLONE_NEWTIME too)
  int cgroup_fd = -1;            // >= 0: straight into this cgroup2 directory (CLONE_INTO_CGROUP)
  int exit_signal = SIGCHLD;
  bool as_sibling = false;  // CLONE_PARENT: the child of our parent; exit_signal is then 0
};

struct Child {
  pid_t pid = -1;
  Fd pidfd;
};

/// The child's whole life: leaves by execve or exit_now, never returns (aborts if it does).
using ChildMain = void (*)(void* context) noexcept;

/// clone3(2) with CLONE_PIDFD. The child has a copy of our memory and runs `run(context)`; signal
/// mask and dispositions are inherited. glibc's cached thread id is stale in it: no pthread calls,
/// no raise(). When the kernel refuses with namespaces requested, throw-away children find out
/// which one, and the Error names it and its sysctl (user.max_*_namespaces). Throws in the parent
/// only.
Child clone_process(const CloneRequest& request, ChildMain run, void* context);

/// A child of our parent by clone(2): in our cgroup, born into the pid namespace that we have
/// joined for our children. Nothing but that one system call is made, and it is not clone3, which
/// filters answer with ENOSYS since they cannot look at its flags: our own may be loaded. Returns
/// the child's pid as we see it; the child's copy of `own` is its pid as it sees itself, without a
/// call that a filter may refuse. Throws in the caller only.
inline constexpr unsigned long kSiblingFlags = CLONE_PARENT | CLONE_CHILD_SETTID;
pid_t clone_sibling(ChildMain run, void* context, pid_t& own);

// ---- pidfd --------------------------------------------------------------------------------------

Fd open_pidfd(pid_t pid);
/// No descriptor when there is no such process, or when only a session or a thread has that number.
std::optional<Fd> try_open_pidfd(pid_t pid);

/// pidfd_send_signal(2). 0 when sent, else the errno (ESRCH: it is gone).
[[nodiscard]] int try_send_signal(int pidfd, int signal);

/// pidfd_getfd(2): a close-on-exec copy of another process's descriptor. Throws.
Fd get_fd_of(int pidfd, int remote_fd);

struct WaitResult {
  pid_t pid = 0;
  bool exited = false;  // by itself, `code` is its status; else killed by `signal`
  int code = 0;
  int signal = 0;
  bool core = false;
};

/// waitid(2) P_PIDFD for the end of a child; `options` may add WNOHANG, WNOWAIT. nullopt: WNOHANG
/// and it lives. Throws (ECHILD: not ours, or reaped).
std::optional<WaitResult> wait_pidfd(int pidfd, int options = 0);
/// Any ended child, without blocking: for a subreaper. nullopt when there is none.
std::optional<WaitResult> reap_any();

/// From a status as wait(2) gives it.
WaitResult decode_status(pid_t pid, int status);

/// "exit status 3", "killed by SIGKILL".
std::string describe(const WaitResult& result);

/// Start time in clock ticks since boot, /proc/PID/stat field 22, which with the pid is an
/// identity. `proc_dir` is a descriptor of a procfs root. nullopt when there is no such process.
std::optional<std::uint64_t> start_time_of(int proc_dir, pid_t pid);

// ---- this process -------------------------------------------------------------------------------

/// prctl(PR_SET_NAME): 15 bytes are kept.
void set_name(const char* name);
void set_dumpable(bool dumpable);
/// The signal we get when the parent dies. The caller checks afterwards that it has not died yet.
void set_parent_death_signal(int signal);
void set_child_subreaper();

/// close_range(2) with CLOSE_RANGE_CLOEXEC over first..last. Throws.
void close_range_cloexec(unsigned first, unsigned last = ~0U);
/// Closes first and all above. Throws.
void close_from(unsigned first);

/// _exit(2), without destructors and exit handlers; flushes coverage counters in a coverage build.
[[noreturn]] void exit_now(int status);

/// A null-terminated array of pointers into `strings`, for execve. The strings must outlive it
/// unchanged.
std::vector<char*> to_exec_array(const std::vector<std::string>& strings);

/// execveat(2) AT_EMPTY_PATH of an open file; returns only by throwing ErrorKind::exec_failed. argv
/// and envp are null-terminated.
[[noreturn]] void execve_fd_or_throw(int fd, char* const* argv, char* const* envp);

}  // namespace asylum::sys
