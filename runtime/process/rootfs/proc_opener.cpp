// SPDX-License-Identifier: Apache-2.0
// Runs in: the builder; a child of it outside of the pid namespace, which prepares the one inside.
#include "runtime/process/rootfs/proc_opener.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <optional>
#include <string>
#include <utility>

#include "runtime/base/error.h"
#include "runtime/base/step.h"
#include "runtime/base/text.h"
#include "runtime/plan/types/process.h"
#include "runtime/process/both/message.h"
#include "runtime/process/init/steps.h"
#include "runtime/seccomp/words.h"
#include "runtime/sys/file.h"
#include "runtime/sys/mount/fs_context.h"
#include "runtime/sys/poll.h"
#include "runtime/sys/process/argument_area.h"
#include "runtime/sys/process/credentials.h"
#include "runtime/sys/process/namespaces.h"
#include "runtime/sys/process/process.h"
#include "runtime/sys/socket.h"
#include "runtime/sys/terminal.h"

namespace asylum::process {
namespace {

constexpr std::uint64_t kSysAdmin = std::uint64_t{1} << CAP_SYS_ADMIN;
constexpr int kSocket = 0;  // the only descriptor that is left

// ---- in the pid namespace: two system calls, and the end
// -----------------------------------------

/// errno, and the descriptor if that is 0. On the stack alone: nothing may be asked of the
/// allocator.
void send_context(std::int32_t error_number, int fd) {
  iovec part{&error_number, sizeof error_number};
  alignas(cmsghdr) char control[CMSG_SPACE(sizeof fd)] = {};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (error_number == 0) {
    message.msg_control = control;
    message.msg_controllen = sizeof control;
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof fd);
    ::memcpy(CMSG_DATA(header), &fd, sizeof fd);
  }
  ::syscall(SYS_sendmsg, kSocket, &message, MSG_NOSIGNAL);
}

/// Raw: where the compiler knows that a call does not return, the sanitizers make others before it.
void leave() {
  ::syscall(SYS_exit_group, 0);
}

void open_and_send() {
  const long fd = ::syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC);
  send_context(fd < 0 ? errno : 0, static_cast<int>(fd));
  leave();
}

// ---- outside: who makes it, and as little as he can be ------------------------------------------

void load_filter_of_two_calls() {
  constexpr auto kNumber = static_cast<std::uint32_t>(offsetof(seccomp_data, nr));
  constexpr auto kArchitecture = static_cast<std::uint32_t>(offsetof(seccomp_data, arch));
  const std::uint32_t native = seccomp::native_architecture().audit_arch;
  sock_filter program[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kArchitecture),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, native, 0, 5),
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, kNumber),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_fsopen, 4, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_sendmsg, 3, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 2, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_exit_group, 1, 0),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  sock_fprog filter{static_cast<unsigned short>(std::size(program)), program};
  if (::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &filter) != 0) {
    throw_os("seccomp", errno, "load the filter");
  }
}

/// Above its root there is nothing: no mount namespace has it.
void enter_empty_root() {
  sys::FsContext fs("tmpfs");
  fs.set_string("nr_inodes", "1");
  fs.set_flag("ro");
  fs.create();
  const sys::Fd empty = fs.mount(MOUNT_ATTR_RDONLY | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
  chroot_to(empty.get());
}

void become_little(InitContext& context) {
  sys::drop_bounding(0, 63);
  sys::keep_capabilities(true);
  if (context.process.identity.set_groups) set_groups(context);
  set_group(context);
  set_user(context);
  sys::set_capabilities({kSysAdmin, kSysAdmin, 0});
  sys::set_no_new_privileges();
}

struct Opening {
  InitContext& context;
  sys::Fd socket;
};

void prepare(Opening& opening) {
  InitContext& context = opening.context;
  sys::set_parent_death_signal(SIGKILL);
  // The builder ends both of us by our process group.
  sys::become_session_leader();
  enter_empty_root();
  join_all({&*context.last_join, 1});
  become_little(context);
  sys::duplicate_to(opening.socket.get(), kSocket);
  opening.socket.reset();
  if (context.forget != nullptr && *context.forget) (*context.forget)();
  sys::wipe_environment_area();
  sys::close_from(kSocket + 1);
  // A change of ids has made us dumpable.
  sys::set_dumpable(false);
  load_filter_of_two_calls();
}

void run_opening(void* place) noexcept {
  Opening& opening = *static_cast<Opening*>(place);
  try {
    prepare(opening);
  } catch (const Error& error) {
    (void)sys::try_send_message(opening.socket ? opening.socket.get() : kSocket,
                                encode_error(error));
    ::_exit(1);
  } catch (const std::exception&) {
    ::_exit(1);  // the builder sees the end of the socket
  }
  const long pid = ::syscall(SYS_clone, CLONE_PARENT, 0UL, 0UL, 0UL, 0UL);
  if (pid == 0) open_and_send();
  if (pid < 0) send_context(errno, -1);
  leave();
}

// ---- the builder --------------------------------------------------------------------------------

/// Both, whatever the container has done to the one that it sees.
void end_both(const sys::Child& child) {
  (void)sys::try_send_signal(child.pidfd.get(), SIGKILL);
  (void)::kill(-child.pid, SIGKILL);
  while (::waitpid(-child.pid, nullptr, __WALL) > 0 || errno == EINTR) {
  }
  // It may have come to its end before it led that group.
  (void)::waitpid(child.pid, nullptr, __WALL);
}

std::optional<sys::ReceivedMessage> receive(const sys::Fd& socket) {
  if (!sys::wait_for(socket.get(), POLLIN, sys::Deadline::patience())) {
    throw Error(ErrorKind::os,
                "the process that opens it in the pid namespace does not answer: a process there "
                "has stopped or frozen it");
  }
  return sys::receive_message(socket.get());
}

sys::Fd context_in(std::optional<sys::ReceivedMessage> answer) {
  if (!answer) throw Error(ErrorKind::os, "the process that opens it in the pid namespace died");
  std::int32_t error_number = 0;
  if (answer->bytes.size() != sizeof error_number) {
    if (auto error = decode_error(answer->bytes)) throw std::move(*error);
    throw Error(ErrorKind::internal, "an answer of no sense");
  }
  ::memcpy(&error_number, answer->bytes.data(), sizeof error_number);
  if (error_number != 0) throw_os("fsopen", error_number, "open a proc in the pid namespace");
  if (answer->fds.size() != 1) throw Error(ErrorKind::internal, "an answer without a proc");
  return std::move(answer->fds.front());
}

bool takes(sys::FsContext& fs, const char* key, const char* value) {
  try {
    fs.set_string(key, value);
    return true;
  } catch (const Error&) {
    return false;
  }
}

/// We are about to create it with our power. Of all file systems proc alone knows hidepid; those of
/// old take any word.
void prove_proc(sys::FsContext& fs) {
  if (takes(fs, "hidepid", "0") && !takes(fs, "asylum-runc", "0")) return;
  throw Error(ErrorKind::denied, "what came out of the pid namespace is no proc");
}

}  // namespace

sys::FsContext open_proc_inside(InitContext& context) {
  const Step step{"open a proc in the joined pid namespace"};
  sys::SocketPair pair = sys::seqpacket_pair();
  Opening opening{context, std::move(pair.theirs)};
  const sys::Child child = sys::clone_process({}, run_opening, &opening);
  opening.socket.reset();
  try {
    auto answer = receive(pair.ours);
    end_both(child);
    sys::FsContext fs = sys::FsContext::adopt(context_in(std::move(answer)), "proc");
    prove_proc(fs);
    return fs;
  } catch (...) {
    end_both(child);
    throw;
  }
}

void prove_pid_namespace(int proc, const sys::Fd& pid_namespace) {
  const auto first = sys::try_open_at(proc, "1/ns/pid", O_RDONLY);
  if (first && sys::same_namespace(first->get(), pid_namespace.get())) return;
  throw Error(ErrorKind::denied, "the new proc is not that of the joined pid namespace");
}

}  // namespace asylum::process
