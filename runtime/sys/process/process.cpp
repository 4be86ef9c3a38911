// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/process/process.h"

#include <linux/sched.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/interruption.h"
#include "runtime/sys/process/clone_errors.h"
#include "runtime/sys/process/proc_text.h"

#ifdef ASYLUM_COVERAGE
extern "C" void __gcov_dump();
#endif

namespace asylum::sys {
namespace {

// The rules of the clone hold only for one thread; a library that starts one must not go unnoticed.
// A directory of proc has as many links as it has subdirectories, and two.
void assert_single_threaded() {
  struct ::stat status {};
  if (::stat("/proc/self/task", &status) == 0 && status.st_nlink != 3) {
    throw Error(ErrorKind::internal, "a process with threads must not be cloned");
  }
}

void control_self(int option, unsigned long value, const char* what) {
  if (::prctl(option, value, 0, 0, 0) != 0) throw_os("prctl", errno, what);
}

WaitResult result_of(const siginfo_t& info) {
  WaitResult result;
  result.pid = info.si_pid;
  result.exited = info.si_code == CLD_EXITED;
  (result.exited ? result.code : result.signal) = info.si_status;
  result.core = info.si_code == CLD_DUMPED;
  return result;
}

std::optional<WaitResult> wait_id(idtype_t type, id_t id, int options) {
  siginfo_t info{};
  int result = 0;
  do {
    // __WALL: a child with exit_signal 0 (made with CLONE_PARENT) is waited for like any other.
    result = ::waitid(type, id, &info, WEXITED | __WALL | options);
  } while (result != 0 && errno == EINTR);
  if (result != 0) throw_os("waitid", errno, "wait for a process");
  if (info.si_pid == 0) return std::nullopt;
  return result_of(info);
}

}  // namespace

Child clone_process(const CloneRequest& request, ChildMain run, void* context) {
  assert_single_threaded();
  int pidfd = -1;
  clone_args args{};
  args.flags = request.namespaces | CLONE_PIDFD;
  args.pidfd = reinterpret_cast<std::uintptr_t>(&pidfd);
  args.exit_signal = static_cast<std::uint64_t>(request.exit_signal);
  if (request.as_sibling) args.flags |= CLONE_PARENT;
  if (request.cgroup_fd >= 0) {
    args.flags |= CLONE_INTO_CGROUP;
    args.cgroup = static_cast<std::uint64_t>(request.cgroup_fd);
  }
  const long pid = ::syscall(SYS_clone3, &args, sizeof args);
  if (pid == 0) {
    Step::begin_anew();
    forget_interruption();
    run(context);
    ::abort();  // it promised not to return: the frames above are the parent's
  }
  if (pid < 0) throw_clone_error(request, errno);
  return {static_cast<pid_t>(pid), Fd(pidfd)};
}

pid_t clone_sibling(ChildMain run, void* context, pid_t& own) {
  // The last two are child_tid and tls, in the order of the architecture; tls is not asked for.
  const long pid = ::syscall(SYS_clone, kSiblingFlags, 0UL, 0UL, &own, &own);
  if (pid == 0) {
    Step::begin_anew();
    run(context);
    ::abort();
  }
  if (pid < 0) {
    throw_os("clone", errno, "make the process",
             errno == EAGAIN ? "the limit of processes is reached: pids.max of the cgroup or of an "
                               "ancestor, RLIMIT_NPROC or kernel.pid_max"
                             : "");
  }
  return static_cast<pid_t>(pid);
}

// ---- pidfd --------------------------------------------------------------------------------------

Fd open_pidfd(pid_t pid) {
  std::optional<Fd> fd = try_open_pidfd(pid);
  if (!fd) throw_os("pidfd_open", ESRCH, cat("open process ", pid));
  return std::move(*fd);
}

std::optional<Fd> try_open_pidfd(pid_t pid) {
  Fd fd(static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)));
  if (fd) return fd;
  // EINVAL (ENOENT on newer kernels): the number is in use, but by no process: by the session or
  // group that a dead one left behind, or by a thread.
  if (errno == ESRCH || errno == ENOENT || (errno == EINVAL && pid > 0)) return std::nullopt;
  throw_os("pidfd_open", errno, cat("open process ", pid));
}

int try_send_signal(int pidfd, int signal) {
  return ::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0) == 0 ? 0 : errno;
}

Fd get_fd_of(int pidfd, int remote_fd) {
  Fd fd(static_cast<int>(::syscall(SYS_pidfd_getfd, pidfd, remote_fd, 0)));
  if (!fd) throw_os("pidfd_getfd", errno, cat("get descriptor ", remote_fd, " of a process"));
  return fd;
}

std::optional<WaitResult> wait_pidfd(int pidfd, int options) {
  return wait_id(P_PIDFD, static_cast<id_t>(pidfd), options);
}

std::optional<WaitResult> reap_any() {
  try {
    return wait_id(P_ALL, 0, WNOHANG);
  } catch (const Error& error) {
    if (error.err == ECHILD) return std::nullopt;
    throw;
  }
}

WaitResult decode_status(pid_t pid, int status) {
  WaitResult result;
  result.pid = pid;
  result.exited = WIFEXITED(status);
  (result.exited ? result.code : result.signal) =
      result.exited ? WEXITSTATUS(status) : WTERMSIG(status);
  result.core = !result.exited && WCOREDUMP(status);
  return result;
}

std::string describe(const WaitResult& result) {
  if (result.exited) return cat("exit status ", result.code);
  const char* name = ::sigabbrev_np(result.signal);
  std::string text =
      name != nullptr ? cat("killed by SIG", name) : cat("killed by signal ", result.signal);
  if (result.core) text += " (core dumped)";
  return text;
}

std::optional<std::uint64_t> start_time_of(int proc_dir, pid_t pid) {
  std::optional<std::string> text;
  try {
    text = try_read_file_at(proc_dir, cat(pid, "/stat"));
  } catch (const Error& error) {
    if (error.err != ESRCH) throw;  // it ended between open and read
  }
  if (!text) return std::nullopt;
  const std::optional<ProcessStat> stat = parse_stat(*text);
  return stat ? std::optional<std::uint64_t>(stat->start_time_ticks) : std::nullopt;
}

// ---- this process -------------------------------------------------------------------------------

void set_name(const char* name) {
  control_self(PR_SET_NAME, reinterpret_cast<unsigned long>(name), "name the process");
}

void set_dumpable(bool dumpable) {
  control_self(PR_SET_DUMPABLE, dumpable ? 1 : 0, "set whether the process is dumpable");
}

void set_parent_death_signal(int signal) {
  control_self(PR_SET_PDEATHSIG, static_cast<unsigned long>(signal), "set the parent death signal");
}

void set_child_subreaper() {
  control_self(PR_SET_CHILD_SUBREAPER, 1, "become a subreaper");
}

void close_range_cloexec(unsigned first, unsigned last) {
  if (::close_range(first, last, CLOSE_RANGE_CLOEXEC) != 0) {
    throw_os("close_range", errno, cat("mark descriptors from ", first, " close-on-exec"));
  }
}

void close_from(unsigned first) {
  if (::close_range(first, ~0U, 0) != 0)
    throw_os("close_range", errno, cat("close descriptors from ", first));
}

void exit_now(int status) {
#ifdef ASYLUM_COVERAGE
  __gcov_dump();
#endif
  ::_exit(status);
}

std::vector<char*> to_exec_array(const std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  pointers.reserve(strings.size() + 1);
  for (const std::string& text : strings) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

void execve_fd_or_throw(int fd, char* const* argv, char* const* envp) {
  ::syscall(SYS_execveat, fd, "", argv, envp, AT_EMPTY_PATH);
  throw Error(ErrorKind::exec_failed, "execute an open file").because_of("execveat", errno);
}

}  // namespace asylum::sys
