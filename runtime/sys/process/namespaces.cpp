// SPDX-License-Identifier: Apache-2.0
#include "runtime/sys/process/namespaces.h"

#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/sys/file.h"
#include "runtime/sys/process/clone_errors.h"

namespace asylum::sys {
namespace {

struct Kind {
  int flag;
  NamespaceType type;
  std::string_view file;  // in /proc/PID/ns
  std::string_view sysctl;
};

constexpr std::array<Kind, 8> kKinds = {{
    {CLONE_NEWUSER, NamespaceType::user, "user", "user.max_user_namespaces"},
    {CLONE_NEWNS, NamespaceType::mount, "mnt", "user.max_mnt_namespaces"},
    {CLONE_NEWPID, NamespaceType::pid, "pid", "user.max_pid_namespaces"},
    {CLONE_NEWNET, NamespaceType::network, "net", "user.max_net_namespaces"},
    {CLONE_NEWIPC, NamespaceType::ipc, "ipc", "user.max_ipc_namespaces"},
    {CLONE_NEWUTS, NamespaceType::uts, "uts", "user.max_uts_namespaces"},
    {CLONE_NEWCGROUP, NamespaceType::cgroup, "cgroup", "user.max_cgroup_namespaces"},
    {CLONE_NEWTIME, NamespaceType::time, "time", "user.max_time_namespaces"},
}};

const Kind* kind_of(int flag) {
  for (const Kind& kind : kKinds) {
    if (kind.flag == flag) return &kind;
  }
  return nullptr;
}

std::string names_of(int flags) {
  std::string names;
  for (const Kind& kind : kKinds) {
    if ((flags & kind.flag) == 0) continue;
    if (!names.empty()) names += ", ";
    names += word_of(kind.type);
  }
  return names;
}

std::string hint_for_join(int namespace_flag, int error_number) {
  if (error_number == EPERM)
    return "joining needs CAP_SYS_ADMIN in the user namespace that owns it";
  if (error_number == EINVAL && namespace_flag == CLONE_NEWUSER) {
    return "it is our own user namespace, or the process has threads";
  }
  return {};
}

}  // namespace

void unshare(int namespaces) {
  if (::unshare(namespaces) == 0) return;
  const int error_number = errno;
  const bool one = kind_of(namespaces) != nullptr;
  throw_os("unshare", error_number, cat("make a ", names_of(namespaces), " namespace"),
           one ? hint_for_namespace_error(static_cast<std::uint64_t>(namespaces), error_number)
               : std::string{});
}

void set_namespace(int fd, int namespace_flag) {
  if (::setns(fd, namespace_flag) == 0) return;
  const int error_number = errno;
  throw_os("setns", error_number, cat("join the ", names_of(namespace_flag), " namespace"),
           hint_for_join(namespace_flag, error_number));
}

int namespace_type_of(int fd) {
  if (filesystem_magic(fd) != NSFS_MAGIC)
    throw Error(ErrorKind::denied, "the file is not a namespace");
  const int type = ::ioctl(fd, NS_GET_NSTYPE);
  if (type < 0) throw_os("ioctl", errno, "ask for the type of a namespace");
  return type;
}

std::optional<Fd> owning_user_namespace(int fd) {
  Fd owner(::ioctl(fd, NS_GET_USERNS));
  if (owner) return owner;
  if (errno == EPERM) return std::nullopt;
  throw_os("ioctl", errno, "ask for the owner of a namespace");
}

bool same_namespace(int fd, int other) {
  return identity_of(fd) == identity_of(other);
}

bool in_initial_user_namespace() {
  constexpr ino_t kInitialInode = 0xEFFFFFFD;  // PROC_USER_INIT_INO, include/linux/proc_ns.h
  struct ::stat status {};
  return ::stat("/proc/self/ns/user", &status) != 0 || status.st_ino == kInitialInode;
}

std::uint64_t clone_flag_of(NamespaceType type) {
  for (const Kind& kind : kKinds) {
    if (kind.type == type) return static_cast<std::uint64_t>(kind.flag);
  }
  return 0;
}

std::string_view namespace_name(int namespace_flag) {
  const Kind* kind = kind_of(namespace_flag);
  return kind != nullptr ? word_of(kind->type) : std::string_view{};
}

std::string_view namespace_file(int namespace_flag) {
  const Kind* kind = kind_of(namespace_flag);
  return kind != nullptr ? kind->file : std::string_view{};
}

std::string_view namespace_sysctl(int namespace_flag) {
  const Kind* kind = kind_of(namespace_flag);
  return kind != nullptr ? kind->sysctl : std::string_view{};
}

void set_hostname(std::string_view name) {
  if (::sethostname(name.data(), name.size()) != 0) {
    throw_os("sethostname", errno, cat("set the host name ", quote(name)));
  }
}

void set_domainname(std::string_view name) {
  if (::setdomainname(name.data(), name.size()) != 0) {
    throw_os("setdomainname", errno, cat("set the domain name ", quote(name)));
  }
}

}  // namespace asylum::sys
